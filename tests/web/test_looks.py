"""Who looked at buyers' data is written down, one row per order, where nobody can change it."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from comptoir.accounts.keys import create_api_key
from comptoir.accounts.roles import Role
from comptoir.core import clock
from comptoir.journal.models import Change
from comptoir.orders.models import OrderContact
from tests.web.conftest import SignIn
from tests.web.shop import Shop


def looks() -> list[tuple[str, str, str, str | None]]:
    rows = Change.objects.filter(action="buyer.seen").order_by("id")
    return [(one.actor, one.subject, one.after["where"], one.address) for one in rows]


def test_a_look_at_one_order_is_one_row_with_the_person_and_the_address(shop: Shop, sign_in: SignIn) -> None:
    reference = shop.to_ship.reference
    client = sign_in(Role.SUPPORT)
    client.get(f"/orders/{reference}/")
    assert looks() == [("support@example.org", reference, "page", "127.0.0.1")]
    client.get(f"/orders/{reference}/")
    client.get("/orders/CO-none/")
    assert len(looks()) == 2


def test_who_is_not_shown_the_buyer_leaves_no_row(shop: Shop, sign_in: SignIn) -> None:
    sign_in(Role.ACCOUNTANT).get(f"/orders/{shop.to_ship.reference}/")
    OrderContact.objects.update(purged_at=clock.now())
    sign_in(Role.SUPPORT).get(f"/orders/{shop.to_ship.reference}/")
    assert looks() == []


def test_slips_and_exports_are_looks_too(shop: Shop, sign_in: SignIn) -> None:
    client, reference = sign_in(Role.OPERATIONS), shop.to_ship.reference
    client.post("/orders/packing-slips.pdf", {"order": reference})
    client.get("/orders/export.csv?channel=maison")
    sign_in(Role.ACCOUNTANT).get("/orders/export.csv")  # without buyers
    assert [(subject, where) for _, subject, where, _ in looks()] == [
        (reference, "packing_slip"), ("orders", "export")
    ]  # fmt: skip
    assert Change.objects.get(subject_kind="export").after["filters"] == "channel=maison"


@pytest.mark.parametrize(("role", "rows"), [(Role.SUPPORT, 1), (Role.INTEGRATOR, 0)])
def test_a_key_that_reads_the_buyer_is_written_down(shop: Shop, role: Role, rows: int) -> None:
    key, secret = create_api_key(name="desk", role=role)
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    assert client.get(f"/api/v1/orders/{shop.to_ship.reference}").status_code == 200
    assert [where for _, _, where, _ in looks()] == ["api"] * rows
    assert Change.objects.filter(action="buyer.seen", key=key.prefix).count() == rows


def test_looks_are_listed_on_the_audit_page_when_asked_for(
    shop: Shop, sign_in: SignIn, admin: Client
) -> None:
    reference = shop.to_ship.reference
    sign_in(Role.SUPPORT).get(f"/orders/{reference}/")
    assert "support@example.org" not in admin.get("/audit/").content.decode()
    for query in ("action=buyer.seen", f"subject={reference}"):
        page = admin.get(f"/audit/?{query}").content.decode()
        assert "support@example.org" in page
        assert reference in page


def test_no_look_is_taken_back(shop: Shop, sign_in: SignIn) -> None:
    sign_in(Role.SUPPORT).get(f"/orders/{shop.to_ship.reference}/")
    for change in (lambda: Change.objects.all().delete(), lambda: Change.objects.update(actor="nobody")):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
    assert len(looks()) == 1
