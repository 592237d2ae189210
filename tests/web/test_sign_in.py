"""Ways in: password, second factor, recovery codes, sessions; and what keeps others out."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client, override_settings

from comptoir.accounts.models import User
from comptoir.accounts.roles import Role
from comptoir.accounts.services import create_user

PASSWORD = "a-long-counter-password"


@pytest.fixture
def zoe(db: None) -> User:
    user = create_user(email="zoe@example.org", password=PASSWORD, role=Role.ADMINISTRATOR, name="Zoé")
    User.objects.filter(pk=user.pk).update(language="en")
    return user


def enter(client: Client, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/sign-in/", {"username": "zoe@example.org", "password": password, **more})


def code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def enrol(client: Client) -> str:
    """The password is asked for again first: who finds a browser left open sets nothing up."""
    assert client.get("/account/2fa/totp/activate/")["Location"].startswith("/account/reauthenticate/")
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    page = client.get("/account/2fa/totp/activate/")
    secret = re.search(r'value="([A-Z2-7]{32})"', page.content.decode())
    assert secret, page.content.decode()[:3000]
    answer = client.post("/account/2fa/totp/activate/", {"code": code(secret[1])})
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    return secret[1]


def test_a_password_alone_opens_where_no_second_factor_is_set(zoe: User) -> None:
    client = Client()
    assert enter(client, "wrong").status_code == 200
    answer = enter(client, next="/orders/")
    assert (answer.status_code, answer["Location"]) == (302, "/orders/")
    assert client.get("/orders/").status_code == 200


def test_a_second_factor_is_asked_for_once_it_is_set(zoe: User) -> None:
    first = Client()
    enter(first)
    secret = enrol(first)
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in kept  # sealed
    client = Client()
    assert enter(client)["Location"] == "/account/2fa/authenticate/"
    assert client.get("/orders/").status_code == 302  # not in yet
    assert client.post("/account/2fa/authenticate/", {"code": "000000"}).status_code == 200
    Authenticator.objects.get(type="totp")
    cache.clear()  # a code is good once, which allauth remembers there; the next one is thirty seconds away
    answer = client.post("/account/2fa/authenticate/", {"code": code(secret)})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    assert client.get("/orders/").status_code == 200


def test_a_recovery_code_opens_once(zoe: User) -> None:
    first = Client()
    enter(first)
    enrol(first)
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    for expected in (302, 200):
        client = Client()
        enter(client)
        assert client.post("/account/2fa/authenticate/", {"code": codes[0]}).status_code == expected


@override_settings(SECOND_FACTOR="administrators")
def test_an_administrator_makes_a_second_factor_before_anything_else(zoe: User) -> None:
    client = Client()
    enter(client)
    for path in ("/", "/orders/", "/channels/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (303, "/account/2fa/")
    enrol(client)
    assert client.get("/orders/").status_code == 200
    page = client.get("/").content.decode()
    assert "without a second factor" not in page


def test_where_it_is_left_to_each_every_page_says_so(zoe: User) -> None:
    client = Client()
    enter(client)
    assert "without a second factor" in client.get("/").content.decode()


def test_signing_in_changes_the_session_that_was_there_before(zoe: User) -> None:
    client = Client()
    client.get("/sign-in/")
    client.session["planted"] = "x"
    planted = client.session
    planted["planted"] = "x"
    planted.save()
    before = client.cookies["sessionid"].value if "sessionid" in client.cookies else planted.session_key
    client.cookies["sessionid"] = before
    enter(client)
    assert client.cookies["sessionid"].value != before
    stranger = Client()
    stranger.cookies["sessionid"] = before
    assert stranger.get("/orders/").status_code == 302


def test_guessing_is_locked_out_and_the_right_password_then_too(zoe: User) -> None:
    client = Client()
    said = [enter(client, f"wrong-{n}").status_code for n in range(8)]
    assert said[-1] == 429
    assert enter(client).status_code == 429
    assert client.get("/orders/").status_code == 302


def test_other_sessions_are_seen_and_ended(zoe: User) -> None:
    one, two = Client(), Client()
    enter(one)
    enter(two)
    one.get("/orders/")
    two.get("/orders/")
    assert UserSession.objects.count() == 2
    one.post("/account/sessions/")
    assert one.get("/orders/").status_code == 200
    assert two.get("/orders/").status_code == 302


def test_one_session_is_ended_alone_and_nobody_elses(zoe: User) -> None:
    clients = [Client() for _ in range(3)]
    for client in clients:
        enter(client)
        client.get("/orders/")
    mine, other, _ = UserSession.objects.order_by("created_at", "id")
    page = clients[0].get("/account/sessions/").content.decode()
    assert page.count("/end") == 2, "the one that is used has no such button"
    clients[0].post(f"/account/sessions/{other.pk}/end")
    clients[0].post(f"/account/sessions/{mine.pk}/end")
    assert [client.get("/orders/").status_code for client in clients] == [200, 302, 200]
    stranger = Client()
    User.objects.create_user("max@example.org", PASSWORD, role="administrator")
    stranger.force_login(
        User.objects.get(email="max@example.org"), "django.contrib.auth.backends.ModelBackend"
    )
    assert stranger.post(f"/account/sessions/{mine.pk}/end").status_code == 404
    assert clients[0].get("/orders/").status_code == 200


def test_the_way_on_never_leads_out_of_the_house(zoe: User) -> None:
    for way in (
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "javascript:alert(1)",
        "/\\elsewhere.example",
    ):
        assert enter(Client(), next=way)["Location"] == "/"


def test_nobody_registers_by_themselves(db: None) -> None:
    for path in ("/account/signup/", "/account/password/reset/", "/account/sso/signup/", "/account/email/"):
        assert Client().get(path).status_code == 404
