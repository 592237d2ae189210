"""People, keys, webhooks and the page of the API, as an administrator uses them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.test import Client

from comptoir.accounts.invitations import LastAdministrator, change_person
from comptoir.accounts.models import ApiKey, Invitation, User
from comptoir.accounts.roles import ROLE_PERMISSIONS, Permission, Role
from comptoir.api.problems import CODES
from comptoir.core import clock
from comptoir.events.models import Webhook
from comptoir.journal.models import Change
from tests.web.conftest import NOW, SignIn
from tests.web.shop import Shop

SECRET = re.compile(r'<code id="secret">([^<]+)</code>')


def shown(page: bytes) -> str:
    found = SECRET.search(page.decode())
    assert found, page.decode()[:2000]
    return found[1]


def invited(admin: Client, role: Role = Role.READ_ONLY) -> str:
    answer = admin.post("/people/invite/", {"email": "Leo@example.org", "name": "Léo", "role": role})
    return shown(answer.content).removeprefix("http://testserver")


def test_a_colleague_is_invited_joins_once_and_has_only_their_role(admin: Client, shop: Shop) -> None:
    link, stranger = invited(admin), Client()
    assert stranger.post(link, {"name": "Léo", "password": "short"}).status_code == 422
    assert stranger.post(link, {"name": "Léo", "password": "a-quiet-river-runs"}).status_code == 303
    assert stranger.get(link).status_code == 410
    leo = User.objects.get(email="leo@example.org")
    assert (leo.role, leo.name) == ("read_only", "Léo")
    assert (
        stranger.post("/sign-in/", {"username": leo.email, "password": "a-quiet-river-runs"}).status_code
        == 302
    )
    assert stranger.get("/orders/").status_code == 200
    assert stranger.post(f"/orders/{shop.to_accept.reference}/decide", {"accept": "1"}).status_code == 403
    assert stranger.get("/people/").status_code == 403


def test_an_invitation_ends_after_three_days_or_when_it_is_taken_back(admin: Client) -> None:
    link = invited(admin)
    with clock.clock_at(lambda: NOW + timedelta(days=3, seconds=1)):
        assert Client().get(link).status_code == 410
    newer = invited(admin)
    assert Client().get(link).status_code == 410  # a newer one replaces it
    admin.post(f"/people/invitations/{Invitation.objects.latest('id').pk}/take-back")
    assert Client().get(newer).status_code == 410
    secret = link.split("/")[-2]
    assert not Invitation.objects.filter(hashed__contains=secret).exists()


def test_the_last_administrator_stays(admin: Client, sign_in: SignIn) -> None:
    only = User.objects.get(role=Role.ADMINISTRATOR)
    with pytest.raises(LastAdministrator):
        change_person(only, role=Role.READ_ONLY, is_active=True, channels=[], actor="x")
    assert admin.post(f"/people/{only.pk}/", {"role": "administrator"}).status_code == 422
    other = sign_in(Role.SUPPORT)
    support = User.objects.get(role=Role.SUPPORT)
    assert other.get("/orders/").status_code == 200
    admin.post(f"/people/{support.pk}/", {"role": "support"})  # may not sign in any more
    assert other.get("/orders/").status_code == 302


def test_the_matrix_of_roles_says_what_the_code_does(admin: Client) -> None:
    page = admin.get("/people/roles/").content.decode()
    rows = re.findall(r'<th scope="row">.*?</tr>', page, re.S)
    assert len(rows) == len(Permission)
    for row, permission in zip(rows, Permission, strict=True):
        said = [word == "yes" for word in re.findall(r"\b(yes|no)\b", row)]
        assert said == [permission in ROLE_PERMISSIONS[role] for role in Role], permission


def test_a_key_is_shown_once_rotated_with_an_overlap_and_revoked(admin: Client, shop: Shop) -> None:
    made = admin.post("/keys/new/", {"name": "BI", "role": "integrator", "scopes": ["see"], "channels": ["maison"],
                                     "days": "90", "calls_per_minute": "60"})  # fmt: skip
    assert made["Cache-Control"] == "no-store"
    secret = shown(made.content)

    def answers(text: str) -> int:
        return Client(headers={"Authorization": f"Bearer {text}"}).get("/api/v1/orders").status_code

    assert answers(secret) == 200
    key = ApiKey.objects.get()
    assert (key.expires_at, key.last_used_from) == (NOW + timedelta(days=90), "127.0.0.1")
    assert secret.split("_", 2)[2] not in admin.get("/keys/").content.decode()
    newer = shown(admin.post(f"/keys/{key.pk}/rotate").content)
    assert (answers(secret), answers(newer)) == (200, 200)
    with clock.clock_at(lambda: NOW + timedelta(days=7, seconds=1)):
        assert (answers(secret), answers(newer)) == (401, 200)
    following = ApiKey.objects.latest("id")
    assert (following.replaces, following.scopes, following.channels) == (key, ["see"], ["maison"])
    admin.post(f"/keys/{following.pk}/revoke")
    assert answers(newer) == 401


def test_a_webhook_is_made_changed_paused_and_deleted(admin: Client) -> None:
    given = {
        "name": "ERP",
        "url": "https://erp.example/hook?token=secret-token",
        "kinds": "order. issue.opened",
    }
    assert shown(admin.post("/webhooks/new/", given).content).startswith("whsec_")
    hook = Webhook.objects.get()
    assert hook.kinds == ["issue.opened", "order."]
    for page in ("/webhooks/", f"/webhooks/{hook.pk}/"):
        assert "secret-token" not in admin.get(page).content.decode()
    assert admin.post("/webhooks/new/", given | {"url": "ftp://x"}).status_code == 422
    admin.post(f"/webhooks/{hook.pk}/pause", {"paused": "1"})
    assert Webhook.objects.get().state == "paused"
    admin.post(f"/webhooks/{hook.pk}/delete")
    assert not Webhook.objects.exists()
    assert "secret-token" not in str(list(Change.objects.values_list("before", "after")))


def test_every_operation_and_every_code_has_its_place_in_the_documentation(admin: Client) -> None:
    page = admin.get("/developers/").content.decode()
    paths = Client().get("/api/v1/openapi.json").json()["paths"]
    assert len(paths) > 20
    for path, methods in paths.items():
        for method in methods:
            assert f"{method.upper()} {path}" in page
    for code in CODES:
        assert admin.get(f"/developers/problems/{code}/").status_code == 200
    assert admin.get("/developers/problems/none/").status_code == 404


def test_the_audit_refuses_to_be_rewritten(db: None, admin: Client) -> None:
    invited(admin)
    change = Change.objects.get(action="user.invited")
    assert change.address == "127.0.0.1"
    for statement in ("UPDATE journal_change SET actor = 'nobody'", "DELETE FROM journal_change"):
        with (
            pytest.raises(ProgrammingError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert Change.objects.get(pk=change.pk).actor == change.actor
