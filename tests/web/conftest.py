from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.test import Client

from comptoir.accounts.models import User
from comptoir.accounts.roles import Role
from comptoir.core import clock
from comptoir.journal.models import Change
from comptoir.web.field_words import has_word
from tests.web.shop import Shop, open_shop

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SignIn = Callable[[Role], Client]


@pytest.fixture(autouse=True)
def fixed_clock() -> Iterator[None]:
    with clock.clock_at(lambda: NOW):
        yield


@pytest.fixture(autouse=True)
def what_is_audited_has_words(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test of the screens did, the audit can tell it in the reader's language."""
    if not {"db", "shop", "admin", "sign_in"} & set(request.fixturenames):
        yield
        return
    request.getfixturevalue("db")
    yield
    told = Change.objects.values_list("action", "before", "after")
    fields = {(action, name) for action, before, after in told for name in (*before, *after)
              if name.isidentifier()}  # fmt: skip
    assert {(action, name) for action, name in fields if not has_word(name, action)} == set()


@pytest.fixture
def shop(db: None) -> Shop:
    return open_shop(orders=20)


@pytest.fixture
def sign_in(db: None) -> SignIn:
    def as_role(role: Role) -> Client:
        user = User.objects.filter(email=f"{role}@example.org").first()
        user = user or User.objects.create_user(
            f"{role}@example.org", "unused-password-1", role=role, language="en"
        )
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return as_role


@pytest.fixture
def admin(sign_in: SignIn) -> Client:
    return sign_in(Role.ADMINISTRATOR)
