"""Offer packages: open, fill, look, close, results."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from starlette.responses import Response

from bazaar.octopia import package_life
from bazaar.octopia.exchange import Call, Operation, Refused, answer, bad
from bazaar.octopia.money import JSON
from bazaar.octopia.offer_records import OfferRequest, Package, Result
from bazaar.octopia.paging import linked_page

KINDS = frozenset({"Upsert", "Update", "Delete"})
PER_CALL, PER_PACKAGE, REFERENCE_SIGNS = 100, 50_000, 50


class PackageIn(msgspec.Struct, rename="camel"):
    package_type: str


class StateIn(msgspec.Struct):
    state: str


async def open_package(call: Call) -> Response:
    kind = (await call.body(PackageIn)).package_type
    if kind not in KINDS:
        raise bad("packageType", f"The value '{kind}' is not valid.")
    channel = call.sales_channel(call.request.headers.get("saleschannelid", ""), "SalesChannelId")
    account = call.account
    package = Package(
        package_id=package_life.new_id(account), kind=kind, sales_channel_id=channel, created_at=call.now
    )
    account.packages[package.package_id] = package
    return Response(status_code=201, headers={"Content-Location": f"/offer-packages/{package.package_id}"})


async def list_packages(call: Call) -> Response:
    states, channel = set(call.csv("state")), call.text("salesChannelId")
    found = [
        one
        for one in call.account.packages.values()
        if not one.source_url
        and (not states or one.state in states)
        and (not channel or one.sales_channel_id == channel)
    ]
    found.sort(key=lambda one: one.package_id)
    return linked_page(
        call, found, lambda one: one.package_id, lambda one: JSON.encode(_fields(one, one.state))
    )


async def get_package(call: Call) -> Response:
    package = _package(call)
    return answer(_fields(package, package_life.state_of(call.account, package)))


async def fill_package(call: Call) -> Response:
    package = _open_package(call)
    requests = await call.body(list[OfferRequest])
    if not 1 <= len(requests) <= PER_CALL:
        raise bad("body", f"From 1 to {PER_CALL} offers are allowed.")
    if len(package.requests) + len(requests) > PER_PACKAGE:
        raise bad("body", f"A package holds at most {PER_PACKAGE} offers.")
    for one in requests:
        if not 1 <= len(one.seller_external_reference) <= REFERENCE_SIGNS:
            raise bad("sellerExternalReference", f"From 1 to {REFERENCE_SIGNS} characters.")
    package_life.take(call.account, package, tuple(requests))
    return Response(status_code=201)


async def close_package(call: Call) -> Response:
    wanted = (await call.body(StateIn)).state
    if wanted != "Ready":
        raise bad("state", f"The value '{wanted}' is not valid.")
    package = _open_package(call)
    if not package.requests:
        raise bad("state", "The package is empty.")
    package_life.close(call.account, package)
    return Response(status_code=204)


async def list_results(call: Call) -> Response:
    """Kept three days. Two results of the same reference are told apart by their place."""
    package = _package(call)
    kept = timedelta(days=call.account.settings.results_days)
    if package.integrated_at is None or call.now - package.integrated_at > kept:
        raise Refused(404, "The package has no results, or no longer.")
    rows = [(f"{index:06d}", one) for index, one in enumerate(package.results)]
    return linked_page(call, rows, lambda row: row[0], lambda row: JSON.encode(_result_fields(row[1])))


def _package(call: Call) -> Package:
    package = call.account.packages.get(call.path("package_id"))
    if package is None or package.source_url:
        raise Refused(404, f"The package {call.path('package_id')} does not exist.")
    return package


def _open_package(call: Call) -> Package:
    """Refused while an upload is being taken in, and once it is closed."""
    package = _package(call)
    busy = package.busy_until is not None and call.now < package.busy_until
    watched = package.busy_reads >= call.account.settings.package_busy_reads
    if package.state != package_life.OPEN or (busy and not watched):
        raise bad("state", "The package is not WaitingForCompletion.")
    return package


def _fields(package: Package, state: str) -> dict[str, object]:
    return {"packageId": package.package_id, "type": package.kind, "state": state}


def _result_fields(one: Result) -> dict[str, object]:
    said = [{"resultCode": one.code, "message": one.message}] if one.code else []
    return {"sellerExternalReference": one.sku, "integrationStatus": one.status, "results": said}


def operations() -> list[Operation]:
    return [
        Operation("POST", "/offer-packages", open_package),
        Operation("GET", "/offer-packages", list_packages),
        Operation("GET", "/offer-packages/{package_id}", get_package),
        Operation("PATCH", "/offer-packages/{package_id}", close_package),
        Operation("POST", "/offer-packages/{package_id}/offer-requests", fill_package),
        Operation("GET", "/offer-packages/{package_id}/offer-requests-results", list_results),
    ]
