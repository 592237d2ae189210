"""XML offer packages: the address of a ZIP is posted, the ZIP is fetched and worked later, a report tells.

The form of the body and of the report is not known: see the settings `xml_body`, `xml_report`, `xml_list`.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import msgspec
from starlette.responses import Response

from bazaar.octopia import package_life
from bazaar.octopia.exchange import Call, Operation, Refused, answer, bad
from bazaar.octopia.money import JSON
from bazaar.octopia.offer_records import Package, Result
from bazaar.octopia.paging import legacy_page


async def open_package(call: Call) -> Response:
    account = call.account
    url = await _url(call)
    given = call.request.headers.get("saleschannelid", "")
    channel = call.sales_channel(given, "SalesChannelId") if given else next(iter(account.channels))
    package = Package(
        package_id=package_life.new_id(account, xml=True),
        kind="",
        sales_channel_id=channel,
        created_at=call.now,
        source_url=url,
    )
    package_life.close(account, package)
    return answer({"packageId": int(package.package_id)})


async def list_packages(call: Call) -> Response:
    """The newest first."""
    if call.account.settings.xml_list == "absent":
        raise Refused(405)
    found = [one for one in call.account.packages.values() if one.source_url]
    found.sort(key=lambda one: int(one.package_id), reverse=True)
    return legacy_page(call, found, lambda one: JSON.encode(_fields(one)))


async def get_report(call: Call) -> Response:
    package = call.account.packages.get(call.path("package_id"))
    if package is None or not package.source_url:
        raise Refused(404, f"The package {call.path('package_id')} does not exist.")
    size = call.number("$limit", 100, 1, 1000)
    start = (call.number("$page", 1, 1, 10**6) - 1) * size
    rows = package.results[start : start + size]
    pages = max(1, -(-len(package.results) // size))
    if call.account.settings.xml_report == "legacy":
        return answer(
            {
                "PackageId": int(package.package_id),
                "PackageIntegrationStatus": package.state,
                "OfferLogList": [_legacy_row(one) for one in rows],
                "NumberOfPages": pages,
            }
        )
    offers = [_row(one) for one in rows]
    return answer({**_fields(package), "page_count": pages, "offers": offers})


async def _url(call: Call) -> str:
    field = call.account.settings.xml_body
    if field:
        url = (await call.body(dict[str, msgspec.Raw])).get(field)
        found = _text(bytes(url)) if url is not None else ""
    else:
        found = await call.body(str)
    if urlsplit(found).scheme not in ("http", "https") or not found.endswith(".zip"):
        raise bad(field or "body", "The address of a ZIP is required.")
    return found


def _text(raw: bytes) -> str:
    try:
        return msgspec.json.decode(raw, type=str)
    except msgspec.ValidationError:
        return ""


def _fields(package: Package) -> dict[str, object]:
    return {
        "packageId": int(package.package_id),
        "packageUrl": package.source_url,
        "status": package.state,
        "message": package.message or None,
    }


def _row(one: Result) -> dict[str, object]:
    said = [{"code": one.code, "message": one.message}] if one.code else []
    return {"sellerProductId": one.sku, "integrationStatus": one.status, "logs": said}


def _legacy_row(one: Result) -> dict[str, object]:
    said = [{"PropertyCode": one.code, "LogMessage": one.message}] if one.code else []
    return {
        "SellerProductId": one.sku,
        "OfferIntegrationStatus": one.status,
        "Validated": one.status == "Integrated",
        "PropertyList": said,
    }


def operations() -> list[Operation]:
    return [
        Operation("POST", "/offer-integration-packages", open_package),
        Operation("GET", "/offer-integration-packages", list_packages),
        Operation("GET", "/offer-integration-packages/{package_id}", get_report),
    ]
