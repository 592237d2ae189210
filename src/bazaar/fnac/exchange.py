"""One request and its answer, as Fnac writes them: HTTP 200 whatever happens, success in the body alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

import msgspec
from lxml import etree
from starlette.responses import Response

from bazaar.fnac.schema import NAMESPACE
from bazaar.fnac.shop import Shop


class RefusedError(Exception):
    """The whole request is refused: one error at the root."""

    def __init__(self, code: str, message: str, severity: str = "ERROR") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.severity = severity


class Call(msgspec.Struct, frozen=True):
    shop: Shop
    service: str
    request: etree._Element


Handler = Callable[[Call], Awaitable[etree._Element]]


def reply_to(service: str, status: str = "OK") -> etree._Element:
    """The root of an answer."""
    root = etree.fromstring(f'<{service}_response xmlns="{NAMESPACE}"/>'.encode(), etree.XMLParser())
    root.set("status", status)
    return root


def add(
    parent: etree._Element,
    name: str,
    value: object = "",
    attributes: Mapping[str, str] | None = None,
    *,
    cdata: bool = False,
) -> etree._Element:
    """Append a child. Free texts come in CDATA, as the real server writes them, even when empty."""
    child = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}", dict(attributes or {}))
    text = str(value)
    if cdata and "]]>" not in text:
        child.text = etree.CDATA(text)
    elif text:
        child.text = text
    return child


def add_error(parent: etree._Element, code: str, message: str, severity: str = "ERROR") -> None:
    add(parent, "error", message, {"severity": severity, "code": code})


def child_text(parent: etree._Element, name: str) -> str:
    """The text of a direct child, "" where there is none."""
    found = parent.find(f"{{{NAMESPACE}}}{name}")
    return "" if found is None else (found.text or "").strip()


def children(parent: etree._Element, name: str) -> list[etree._Element]:
    return parent.findall(f"{{{NAMESPACE}}}{name}")


def answer(root: etree._Element) -> Response:
    body = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(body, media_type="text/xml; charset=utf-8")


def refused(service: str, error: RefusedError) -> Response:
    root = reply_to(service, error.severity)
    add_error(root, error.code, error.message, error.severity)
    return answer(root)
