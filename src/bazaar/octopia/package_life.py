"""The life of a package: WaitingForCompletion → Ready → IntegrationPending → Integrated.

What a package changes is seen by buyers only when it is integrated: until then the old price and the old
stock sell.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import msgspec

from bazaar.octopia import xml_reading
from bazaar.octopia.account import Account
from bazaar.octopia.offer_records import OfferRequest, Package, Result
from bazaar.octopia.package_rules import BadItem, apply_request

OPEN = "WaitingForCompletion"
BUSY = "Processing"  # assumption: what a package is called while it takes an upload in
SHARE_FAILING = 0.2  # of the items, when the fault partial_failure strikes


def state_of(account: Account, package: Package) -> str:
    """What a look at the package shows; each look counts, for a clock that is pushed by hand."""
    if package.state != OPEN or package.busy_until is None:
        return package.state
    if account.now() >= package.busy_until or package.busy_reads >= account.settings.package_busy_reads:
        package.busy_until = None
        account.packages[package.package_id] = package
        return OPEN
    package.busy_reads += 1
    account.packages[package.package_id] = package
    return BUSY


def take(account: Account, package: Package, requests: tuple[OfferRequest, ...]) -> None:
    package.requests = (*package.requests, *requests)
    package.busy_until = account.now() + timedelta(seconds=account.settings.package_busy_seconds)
    package.busy_reads = 0
    account.packages[package.package_id] = package


def close(account: Account, package: Package) -> None:
    package.state = "Ready"
    account.packages[package.package_id] = package
    wait = account.settings.package_wait_seconds
    if account.world.fault(account.key, "late_import"):
        wait *= account.settings.late_import_factor
    account.later(wait, "package_run", package_id=package.package_id)


def run(account: Account, package_id: str) -> None:
    package = account.packages[package_id]
    if package.source_url and not package.requests and not _fetch(account, package):
        return
    package.state = "IntegrationPending"
    account.packages[package_id] = package
    account.later(account.settings.package_run_seconds, "package_end", package_id=package_id)


def _fetch(account: Account, package: Package) -> bool:
    """An XML package is fetched when its turn comes, not when it is posted: its file must still be there."""
    try:
        package.kind, package.requests = xml_reading.read_package(xml_reading.fetch(package.source_url))
    except xml_reading.BadPackage as bad:
        package.state, package.message = "Rejected", str(bad)
    account.packages[package.package_id] = package
    return package.state != "Rejected"


def integrate(account: Account, package_id: str) -> None:
    package = account.packages[package_id]
    counts = Counter(one.seller_external_reference for one in package.requests)
    doomed = account.world.fault(account.key, "partial_failure")
    results = [
        _result(account, package, one, twice=counts[one.seller_external_reference] > 1, doomed=doomed)
        for one in package.requests
    ]
    package.state, package.results = "Integrated", tuple(results)
    package.integrated_at = account.now()
    account.packages[package_id] = package
    if account.world.fault(account.key, "duplicated_import"):
        _run_again(account, package)


def _result(
    account: Account, package: Package, request: OfferRequest, *, twice: bool, doomed: bool
) -> Result:
    sku = request.seller_external_reference
    if twice:
        return Result(sku=sku, status="Duplicated")
    if doomed and account.rng("partial_failure").random() < SHARE_FAILING:
        return Result(sku=sku, status="Rejected", code="SIM-INTERNAL", message="Internal error")
    try:
        code, message = apply_request(account, package, request)
    except BadItem as bad:
        return Result(sku=sku, status="Rejected", code=bad.code, message=bad.message)
    return Result(sku=sku, status="Integrated", code=code, message=message)


def _run_again(account: Account, package: Package) -> None:
    """Octopia works the same package twice: a second one, with what the first one said."""
    again = msgspec.structs.replace(
        package,
        package_id=new_id(account, xml=bool(package.source_url)),
        created_at=account.now(),
        state="Ready",
        results=(),
        integrated_at=None,
    )
    account.packages[again.package_id] = again
    account.later(account.settings.package_wait_seconds, "package_run", package_id=again.package_id)


def new_id(account: Account, *, xml: bool = False) -> str:
    """XML packages have numbers of their own."""
    number = len(account.packages) + 1
    return str(700_000 + number) if xml else f"PKG{number:010d}"
