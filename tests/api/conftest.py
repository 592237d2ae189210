from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from comptoir.accounts.keys import create_api_key
from comptoir.accounts.roles import Role
from comptoir.core import clock
from tests.web.conftest import NOW, admin, sign_in  # noqa: F401 - fixtures
from tests.web.shop import Shop, open_shop


@pytest.fixture(autouse=True)
def fixed_clock() -> Iterator[None]:
    with clock.clock_at(lambda: NOW):
        yield


@pytest.fixture
def shop(db: None) -> Shop:
    return open_shop(orders=20)


def client_of(role: Role, **key: Any) -> Client:
    _, secret = create_api_key(name="test", role=role, **key)
    return Client(headers={"Authorization": f"Bearer {secret}"})
