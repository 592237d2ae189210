from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.test import Client

from comptoir.accounts.models import User
from comptoir.accounts.roles import Role
from comptoir.core import clock
from tests.web.shop import Shop, open_shop

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SignIn = Callable[[Role], Client]


@pytest.fixture(autouse=True)
def fixed_clock() -> Iterator[None]:
    with clock.clock_at(lambda: NOW):
        yield


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
