"""XML packages: a ZIP at a public address, whose address is posted once, and a report read later.

    POST /offer-integration-packages {packageUrl}   → packageId
    GET  /offer-integration-packages[/{id}]         $page, $limit

A lost answer is looked up among the packages by the file's name, which nobody else can know. What is not
found there has its file taken away before it is tried again: Octopia then has nothing to fetch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec
from lxml import etree

from comptoir.connectors.octopia import xml_forms as forms
from comptoir.connectors.octopia.client import OctopiaClient
from comptoir.connectors.octopia.packages import package_id
from comptoir.connectors.octopia.paging import NUMBERED_SIZE, legacy_pages
from comptoir.connectors.octopia.published_files import PublishedFolder
from comptoir.connectors.octopia.receipts import PackageReceipt, xml_mark
from comptoir.connectors.octopia.settings import OctopiaSettings
from comptoir.connectors.octopia.xml_packages import PackageKind, build_zip
from comptoir.connectors.octopia.xml_report import ReportPage, find_package_id, read_report
from comptoir.sdk.connector import Context
from comptoir.sdk.errors import ConnectorError, OutcomeUnknown, TransientError, UnexpectedAnswer
from comptoir.sdk.records import Verdict

_MOST_PAGES = 1000


class XmlDesk:
    def __init__(self, client: OctopiaClient, settings: OctopiaSettings, context: Context) -> None:
        self._client = client
        self._field = settings.xml_body_field
        self._channel = {"saleschannelid": settings.sales_channel_id}
        self._folder = PublishedFolder(settings.xml_folder, settings.xml_base_url)
        self._clock: Callable[[], datetime] = context.clock

    def submit(self, kind: PackageKind, offers: Sequence[etree._Element]) -> PackageReceipt:
        content, now = build_zip(kind, offers), self._clock()
        self._folder.sweep(now)
        token = self._folder.put(content, now)
        try:
            package = self._post(token)
        except ConnectorError:
            self._folder.remove(token)
            raise
        return PackageReceipt(package=xml_mark(package, token), items=len(offers), closed_at=now)

    def report(self, package: str) -> ReportPage:
        """All pages as one. Old files go here too: a channel that writes nothing more still asks."""
        self._folder.sweep(self._clock())
        verdicts: dict[str, Verdict] = {}
        for page in range(1, _MOST_PAGES):
            asked = {"$page": str(page), "$limit": str(NUMBERED_SIZE)}
            answer = self._client.get("getXmlPackage", f"{forms.PATH}/{package}", asked)
            found = read_report(_decode(answer.body))
            fresh = {one.key: one for one in found.verdicts if one.key not in verdicts}
            verdicts |= fresh
            # Without a number of pages, the last one is the one that brings nothing new.
            if page >= found.pages if found.pages is not None else not fresh:
                return ReportPage(found.state, tuple(verdicts.values()), None, found.message)
        raise UnexpectedAnswer("The report of an XML package has no end.")

    def forget(self, token: str) -> None:
        self._folder.remove(token)

    def _post(self, token: str) -> str:
        body = forms.request_body(self._folder.url(token), self._field)
        try:
            answer = self._client.write("openXmlPackage", "POST", forms.PATH, body, headers=self._channel)
        except OutcomeUnknown as error:
            return self._look_up(token, error)
        try:
            return package_id(answer)
        except UnexpectedAnswer as error:  # taken in, and we cannot read as which
            return self._look_up(token, error)

    def _look_up(self, token: str, error: ConnectorError) -> str:
        try:
            rows = [raw for page in self._packages() for raw in page]
        except ConnectorError as other:
            words = f"{error.message} The packages cannot be listed: {other.message}"
            raise OutcomeUnknown(words) from other
        for raw in rows:
            if token.encode() in bytes(raw) and (found := find_package_id(_decode(bytes(raw)))):
                return found
        if all(b"://" in bytes(raw) for raw in rows):
            raise TransientError(f"{error.message} It is not among the packages.") from error
        raise OutcomeUnknown(f"{error.message} The list of packages names no addresses.") from error

    def _packages(self) -> list[list[msgspec.Raw]]:
        return list(legacy_pages(self._client, "listXmlPackages", forms.PATH, {}))


def _decode(body: bytes) -> object:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnexpectedAnswer(f"The report of an XML package cannot be read ({error}).") from error
