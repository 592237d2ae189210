"""Every view and every endpoint says who may open it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from comptoir.accounts.roles import Permission, Role, role_allows
from comptoir.orders.models import Order
from tests.web.conftest import SignIn
from tests.web.shop import Shop

OPEN_TO_ALL = {
    "sign-in", "sign-out", "language", "theme", "healthz", "readyz", "health-live", "health-ready", "metrics",
    "account_login", "account_logout", "invitation",
    "account_inactive", "mfa_authenticate", "mfa_login_webauthn", "openid_connect_login", "openid_connect_callback",
    "socialaccount_login_cancelled", "socialaccount_login_error",
}  # fmt: skip
ARGUMENTS = {"kind": "mirakl", "key": "maison", "form": "csv", "name": "hold"}


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for one in resolver.url_patterns:
        if isinstance(one, URLPattern):
            yield one
        elif not one.namespace:
            yield from patterns(one)


WEB = [p for p in patterns(get_resolver()) if p.name]


@pytest.mark.parametrize("pattern", WEB, ids=lambda p: p.name)
def test_every_view_declares_its_permission(pattern: URLPattern) -> None:
    declared = getattr(pattern.callback, "permission", "nothing")
    expected = None if pattern.name in OPEN_TO_ALL else declared
    assert declared == expected
    assert declared is None or isinstance(declared, Permission)


def address(pattern: URLPattern) -> str:
    # Of the whole address, not of its last part alone.
    names = get_resolver().reverse_dict.getlist(pattern.name)[0][0][0][1]
    known = ARGUMENTS | {"reference": Order.objects.order_by("id")[0].reference}
    return reverse(pattern.name, kwargs={name: known.get(name, 1) for name in names})


@pytest.mark.parametrize("role", Role)
def test_every_address_as_every_role(role: Role, shop: Shop, sign_in: SignIn) -> None:
    client = sign_in(role)
    for pattern in WEB:
        permission = getattr(pattern.callback, "permission", None)
        if permission is None:
            continue
        status = client.get(address(pattern)).status_code
        if role_allows(role, permission):
            # 302: one's own account, where what is asked was entered too long ago or is set up first.
            own = pattern.name.startswith(("mfa_", "account_", "usersessions_", "socialaccount_"))
            assert status in (200, 303, 404, 405) or (own and status == 302), (pattern.name, status)
        else:
            assert status == 403, (pattern.name, status)


def test_a_stranger_is_sent_to_sign_in_from_every_page(shop: Shop) -> None:
    for pattern in WEB:
        if pattern.name in OPEN_TO_ALL:
            continue
        answer = Client().get(address(pattern))
        assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/sign-in/"), (
            pattern.name
        )


def test_a_fragment_sends_the_whole_page_to_sign_in(db: None) -> None:
    answer = Client().get("/flows/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].startswith("/sign-in/?next=/flows/")


def test_a_refusal_names_the_roles_that_may(shop: Shop, sign_in: SignIn) -> None:
    page = sign_in(Role.READ_ONLY).get("/channels/connect/")
    assert page.status_code == 403
    assert "Administrator" in page.content.decode()
    assert "Operations" not in page.content.decode()


def test_writes_without_the_token_are_refused(shop: Shop, sign_in: SignIn) -> None:
    user = shop.admin
    client = Client(enforce_csrf_checks=True)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(f"/orders/{shop.to_accept.reference}/decide", {"accept": "1"}).status_code == 403


def test_the_way_back_never_leaves_the_house(admin: Client) -> None:
    answer = admin.post("/theme/", {"theme": "dark", "next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/"
