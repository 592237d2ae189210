"""Tables given through the API: judged, applied once, taken back; exports kept and downloaded."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from comptoir.accounts.keys import create_api_key
from comptoir.accounts.roles import Role
from comptoir.flows.models import TableFile
from comptoir.inventory.models import Stock
from tests.api.conftest import client_of
from tests.web.shop import Shop

FILES = "/api/v1/files"


@pytest.fixture
def client(shop: Shop) -> Client:
    return client_of(Role.ADMINISTRATOR)


@pytest.fixture
def lamp(shop: Shop) -> Stock:
    return shop.products[0].stocks.get()


def give(client: Client, text: str, kind: str = "stock", **headers: str) -> Any:
    body = {"kind": kind, "file": SimpleUploadedFile("counts.csv", text.encode())}
    return client.post(FILES, body, headers=headers)


def test_a_table_is_judged_applied_once_and_taken_back(client: Client, lamp: Stock) -> None:
    answer = give(client, f"sku,on hand\n{lamp.product.sku},7\nNOPE,1\n")
    assert answer.status_code == 201, answer.content
    told = answer.json()
    place = f"{FILES}/{told['id']}"
    assert told["state"] == "read"
    assert told["faults"] == [{"line": 3, "code": "no_product", "why": "no product has the SKU NOPE"}]
    assert told["changes"][0]["after"]["on_hand"] == 7
    assert client.get(place).json() == told
    assert client.post(f"{place}/apply").json()["state"] == "applied"
    assert Stock.objects.get(pk=lamp.pk).on_hand == 7
    again = client.post(f"{place}/apply")
    assert (again.status_code, again.json()["code"]) == (409, "not_in_this_state")
    assert client.post(f"{place}/undo").json()["state"] == "undone"
    assert Stock.objects.get(pk=lamp.pk).on_hand == lamp.on_hand


def test_a_table_that_is_sent_twice_with_one_key_is_one_file(client: Client, lamp: Stock) -> None:
    headers = {"Idempotency-Key": "k"}
    body = b'--x\r\nContent-Disposition: form-data; name="kind"\r\n\r\nstock\r\n--x\r\nContent-Disposition: form-data; '
    body += b'name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\nsku,on hand\nA,7\r\n--x--\r\n'
    first, second = (
        client.post(FILES, body, "multipart/form-data; boundary=x", headers=headers) for _ in range(2)
    )
    assert first.status_code == second.status_code == 201
    assert first.json()["id"] == second.json()["id"]
    assert TableFile.objects.count() == 1


def test_a_preview_that_is_not_wanted_is_dropped_and_never_applied(client: Client, lamp: Stock) -> None:
    told = give(client, f"sku,on hand\n{lamp.product.sku},7").json()
    place = f"{FILES}/{told['id']}"
    assert client.post(f"{place}/drop").json()["state"] == "dropped"
    assert client.post(f"{place}/apply").status_code == 409
    assert client.get(f"{place}/content").status_code == 409


def test_what_was_read_otherwise_is_not_applied(client: Client, lamp: Stock) -> None:
    told = give(client, f"sku,on hand\n{lamp.product.sku},7").json()
    place = f"{FILES}/{told['id']}"
    refused = client.post(f"{place}/apply", headers={"If-Match": '"older"'})
    assert (refused.status_code, refused.json()["code"]) == (412, "changed_meanwhile")
    assert client.post(f"{place}/apply", headers={"If-Match": client.get(place)["ETag"]}).status_code == 200


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", ["stock", "products"])
def test_an_export_is_kept_downloaded_and_read_again(kind: str, form: str, client: Client) -> None:
    made = client.post(f"{FILES}/exports", {"kind": kind, "form": form}, "application/json")
    assert made.status_code == 201
    content = client.get(f"{FILES}/{made.json()['id']}/content")
    assert content["Content-Disposition"] == f'attachment; filename="{made.json()["name"]}"'
    body = {"kind": kind, "file": SimpleUploadedFile(f"a.{form}", content.content)}
    told = client.post(FILES, body).json()
    assert (told["changes"], told["faults"]) == ([], [])


def test_a_file_that_is_no_table_is_refused_whole(client: Client) -> None:
    refused = give(client, "neither\nsku")
    assert (refused.status_code, refused.json()["code"]) == (422, "unreadable_file")
    assert give(client, "sku,on hand", kind="orders").status_code == 422
    assert not TableFile.objects.exists()


def test_who_may_not_change_stock_or_sees_some_channels_alone_gives_none(shop: Shop) -> None:
    assert give(client_of(Role.READ_ONLY), "sku,on hand\nA,1").status_code == 403
    _, secret = create_api_key(name="narrow", role=Role.OPERATIONS, channels=[shop.house.key])
    narrow = Client(headers={"Authorization": f"Bearer {secret}"})
    assert give(narrow, "sku,on hand\nA,1").status_code == 403
    assert not TableFile.objects.exists()
