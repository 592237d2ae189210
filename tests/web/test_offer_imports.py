"""Offers from a file: every line judged and kept with why, nothing written before it was seen, undone in one press."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from comptoir.accounts.models import User
from comptoir.accounts.roles import Role
from comptoir.core import clock
from comptoir.flows.models import Turn
from comptoir.flows.policy import run_flow
from comptoir.journal.models import Change, Issue
from comptoir.offers import imports
from comptoir.offers.acts import OfferChange
from comptoir.offers.imports import NotReady, apply_file, confirm, read_file, receive_file
from comptoir.offers.models import Offer, OfferAct, OfferImport
from comptoir.offers.offer_files import UnreadableFile
from comptoir.offers.wishes import Granted
from tests.api.conftest import client_of
from tests.web.conftest import SignIn
from tests.web.shop import Shop

D = Decimal
FILE = """SKU;Canal;Prix;Plancher;Couleur;État;Délai
LAMP-OAK-01;Maison & Déco;"62,90 €";;;;
MUG-BLUE-4;;35,90;21,00;bleu;;3
VASE-TERRA;maison;abc;;;;
GHOST;maison;10,00;;;;
KNIFE-CHEF;nowhere;10,00;;;;
KETTLE-1L7;maison;5,00;;;;
SCALE-KIT;maison;27,90;;;;
SCALE-KIT;maison;29,90;;;;
CHAIR-RAT;maison;;;;;
THROW-WOOL;jardin;;;;en pause;
VASE-TERRA;maison;440;;;;
KNIFE-CHEF;maison;50;;;peut-être;
KNIFE-CHEF;maison;50;;;;61
;;;;;;
"""


def offer_of(sku: str, channel: str = "maison") -> Offer:
    return Offer.objects.get(sku=sku, channel__key=channel)


def told(file: OfferImport) -> dict[int, tuple[str, str]]:
    return {line.number: (line.outcome, line.error) for line in file.lines.order_by("number", "-id")}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_a_file_is_judged_line_by_line_and_nothing_is_lost(encoding: str, shop: Shop) -> None:
    file = receive_file("prix.csv", FILE.encode(encoding), actor="zoe")
    assert told(file) == {
        2: ("changes", ""), 3: ("changes", ""), 4: ("error", "no_amount"), 5: ("error", "no_offer"),
        6: ("error", "no_channel"), 7: ("error", "below_floor"), 8: ("same", ""), 9: ("error", "twice"),
        10: ("error", "nothing"), 11: ("changes", ""), 12: ("too_far", "price_step"), 13: ("error", "no_state"),
        14: ("error", "no_days"),
    }  # fmt: skip
    assert (file.lines_read, file.changes, file.unchanged, file.too_far, file.errors) == (13, 4, 1, 1, 8)
    assert file.columns == ["sku", "channel", "price", "floor", "state", "lead_time"]
    assert file.lines.get(number=4).cells["price"] == "abc"
    assert offer_of("MUG-BLUE-4").desired_price == D("34.50")


def test_what_was_seen_is_kept_in_one_act_and_undone_in_one(shop: Shop, admin: Client) -> None:
    answer = admin.post("/offers/import/", {"file": SimpleUploadedFile("prix.csv", FILE.encode())})
    address = answer["Location"]
    page = admin.get(address).content.decode()
    assert "no offer of GHOST there" in page
    assert "the same offer as line 8" in page
    assert "€440.00 is too far from €44.00" in page
    admin.post(f"{address}keep")
    file = OfferImport.objects.get()
    changed = offer_of("MUG-BLUE-4", "jardin")
    assert (changed.desired_price, changed.floor_price, changed.lead_time_days) == (D("35.90"), D("21.00"), 3)
    assert offer_of("THROW-WOOL", "jardin").state == "paused"
    assert offer_of("VASE-TERRA").desired_price == D("44")
    assert Issue.objects.filter(reason="price_step", subject="VASE-TERRA").count() == 1
    assert Change.objects.get(action="offers.import").after["offers"] == 4
    act = OfferAct.objects.get()
    assert (act.pk, act.kind, act.words) == (file.act_id, "file", "prix.csv")
    seen = admin.get(f"/offers/roll-back/?act={act.pk}").context["preview"]
    admin.post("/offers/roll-back/", {"act": act.pk, "upto": seen.upto})
    assert offer_of("MUG-BLUE-4", "jardin").desired_price == D("34.50")
    assert offer_of("THROW-WOOL", "jardin").state == "listed"
    assert admin.post(f"{address}keep").status_code == 303  # a second press changes nothing
    assert OfferAct.objects.filter(kind="file").count() == 1


def test_what_moves_too_far_is_let_pass_when_a_person_says_so(shop: Shop, admin: Client) -> None:
    file = receive_file("prix.csv", FILE.encode(), actor="zoe")
    admin.post(f"/offers/import/{file.pk}/keep", {"let_pass": "1"})
    vase = offer_of("VASE-TERRA")
    assert (vase.desired_price, vase.allowed_price) == (D("440"), D("440"))


def test_a_floor_raised_between_preview_and_keeping_wins(shop: Shop) -> None:
    file = receive_file(
        "p.csv", b"sku,channel,price\nMUG-BLUE-4,maison,33\nLAMP-OAK-01,maison,60\n", actor="zoe"
    )
    Offer.objects.filter(sku="MUG-BLUE-4").update(floor_price=D("34"))
    confirm(file.pk, actor="zoe")
    assert (offer_of("MUG-BLUE-4").desired_price, offer_of("LAMP-OAK-01").desired_price) == (
        D("34.50"),
        D("60"),
    )
    assert file.lines.get(number=2).error == "below_floor"


def test_a_workbook_and_json_are_read_as_well(shop: Shop) -> None:
    book, kept = Workbook(), io.BytesIO()
    book.active.append(["Price", "SKU", "Comment", "Lead time"])
    book.active.append([36.5, "MUG-BLUE-4", "=1+1", 2])
    book.save(kept)
    assert receive_file("p.xlsx", kept.getvalue(), actor="zoe").changes == 2
    rows = [{"sku": "MUG-BLUE-4", "price": 36.5, "paused": True}, {"sku": "GHOST", "price": "1"}]
    for name, content in (
        ("p.json", json.dumps({"rows": rows})), ("p.json", json.dumps(rows)),
        ("p.ndjson", "\n".join(map(json.dumps, rows))),
    ):  # fmt: skip
        file = receive_file(name, content.encode(), actor="zoe")
        assert (file.changes, file.errors) == (2, 1), name


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv", b""), ("a.csv", b"foo;bar\n1;2\n"), ("a.csv", b"sku;colour\nA;red\n"), ("a.xlsx", b"not a zip"),
     ("a.csv", b"x" * 20_000_001), ("a.json", b"{"), ("a.json", b"[1]"), ("a.json", b"[]"), ("a.ndjson", b"{}\nnope")],
)  # fmt: skip
def test_a_file_that_is_none_is_refused_with_words(
    name: str, content: bytes, shop: Shop, admin: Client
) -> None:
    with pytest.raises(UnreadableFile):
        receive_file(name, content, actor="zoe")
    assert OfferImport.objects.count() == 0


def test_a_file_that_breaks_in_its_middle_says_so_and_keeps_nothing(shop: Shop, admin: Client) -> None:
    content = b'{"sku": "MUG-BLUE-4", "price": 36}\n[1, 2]\n'
    file = receive_file("p.ndjson", content, actor="zoe")
    assert (file.state, file.message) == ("failed", "no_json")
    assert "This is no JSON" in admin.get(f"/offers/import/{file.pk}/").content.decode()


def test_a_large_file_is_read_and_kept_by_a_worker(
    shop: Shop, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "AT_ONCE_BYTES", 10)
    monkeypatch.setattr(imports, "CHUNK", 3)
    address = admin.post("/offers/import/", {"file": SimpleUploadedFile("p.csv", FILE.encode())})["Location"]
    assert 'hx-trigger="every 2s"' in admin.get(address).content.decode()
    run_flow("import_offers")
    assert OfferImport.objects.get().state == "read"
    admin.post(f"{address}keep")
    assert OfferImport.objects.get().state == "applying"
    run_flow("import_offers")
    file = OfferImport.objects.get()
    assert (file.state, file.applied, OfferAct.objects.count()) == ("applied", 4, 1)
    assert offer_of("MUG-BLUE-4", "jardin").desired_price == D("35.90")


def test_keeping_goes_on_after_the_last_chunk_that_was_kept_and_shows_how_far_it_is(
    shop: Shop, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = receive_file("p.csv", FILE.encode(), actor="zoe")
    to_keep = file.changes + file.too_far
    monkeypatch.setattr(imports, "CHUNK", 2)
    confirm(file.pk, actor="zoe")
    cut, wanted = [], imports.want

    def cut_off(*args: Any, **kwargs: Any) -> Granted:
        if len(cut) == 1:
            raise InterruptedError
        cut.append(1)
        return wanted(*args, **kwargs)

    monkeypatch.setattr(imports, "want", cut_off)
    with pytest.raises(InterruptedError):
        apply_file(OfferImport.objects.get())
    file = OfferImport.objects.get()
    assert (file.state, file.lines_kept, file.progress) == ("applying", 2, (2, to_keep))
    page = " ".join(admin.get(f"/offers/import/{file.pk}/").content.decode().split())
    assert f'value="2" max="{to_keep}"' in page
    assert f"2 of {to_keep} lines kept." in page
    assert f"2 / {to_keep}" in " ".join(admin.get("/offers/import/").content.decode().split())
    cut.clear()
    monkeypatch.setattr(imports, "want", wanted)
    later = {"due_at": clock.now() + timedelta(hours=1)}
    due, _ = Turn.objects.update_or_create(flow="publish_offers", channel="maison", defaults=later)
    run_flow("import_offers")
    file.refresh_from_db()
    assert (file.state, file.lines_kept, OfferAct.objects.count()) == ("applied", to_keep, 1)
    assert OfferChange.objects.filter(act_id=file.act_id).count() == file.applied
    due.refresh_from_db()
    assert due.due_at <= clock.now()


def test_a_reading_cut_short_begins_again(shop: Shop) -> None:
    file = receive_file("p.csv", FILE.encode(), actor="zoe")
    before = told(file)
    OfferImport.objects.update(state="reading", content=FILE.encode())
    file.refresh_from_db()
    read_file(file)
    assert told(file) == before
    apply_file(file)
    with pytest.raises(NotReady):
        confirm(file.pk, actor="zoe")


def test_a_dropped_file_keeps_nothing(shop: Shop, admin: Client) -> None:
    file = receive_file("p.csv", FILE.encode(), actor="zoe")
    admin.post(f"/offers/import/{file.pk}/drop")
    admin.post(f"/offers/import/{file.pk}/keep")
    assert (OfferImport.objects.get().state, OfferAct.objects.count()) == ("dropped", 0)


def test_the_lines_left_out_can_be_mended_and_given_again(shop: Shop, admin: Client) -> None:
    file = receive_file("p.csv", FILE.encode(), actor="zoe")
    text = b"".join(admin.get(f"/offers/import/{file.pk}/errors.csv").streaming_content).decode()
    assert "abc" in text
    assert "is no amount" in text
    again = receive_file("mended.csv", text.encode().replace(b"abc", b"45.00"), actor="zoe")
    assert again.lines.get(number=2).outcome == "changes"


def test_the_export_of_offers_is_a_file_that_can_be_imported(shop: Shop, admin: Client) -> None:
    Offer.objects.filter(sku="MUG-BLUE-4").update(state="paused", lead_time_days=4)
    content = b"".join(admin.get("/offers/export.xlsx?channel=maison").streaming_content)
    assert load_workbook(io.BytesIO(content)).active.max_row == 9
    for form in ("xlsx", "csv"):
        exported = b"".join(admin.get(f"/offers/export.{form}").streaming_content)
        file = receive_file(f"offers.{form}", exported, actor="zoe")
        assert (file.errors, file.changes, file.unchanged) == (0, 0, Offer.objects.count()), told(file)


def test_who_is_narrowed_changes_and_sees_their_channels_alone(shop: Shop, sign_in: SignIn) -> None:
    client = sign_in(Role.MARKETPLACE_MANAGER)
    whole = receive_file("all.csv", FILE.encode(), actor="zoe")
    mine = receive_file("mine.csv", FILE.encode(), actor="zoe", only=["jardin"])
    assert mine.lines.filter(channel="maison").exclude(outcome="error").count() == 0
    assert mine.lines.get(number=2).error == "no_channel"
    User.objects.filter(role=Role.MARKETPLACE_MANAGER).update(channels=["jardin"])
    assert client.get(f"/offers/import/{whole.pk}/").status_code == 404
    assert client.get(f"/offers/import/{mine.pk}/").status_code == 200


# --- by the API ---------------------------------------------------------------------------------------


ONE, OTHER = b'{"sku": "MUG-BLUE-4", "channel": "maison", "price": "33.00"}', b'{"sku": "GHOST", "price": 1}'


@pytest.mark.parametrize(
    ("form", "content"),
    [("text/csv", b"sku,channel,price\nMUG-BLUE-4,maison,33.00\nGHOST,maison,1\n"),
     ("application/x-ndjson", ONE + b"\n" + OTHER),
     ("application/json", b'{"rows": [' + ONE + b", " + OTHER + b"]}")],
)  # fmt: skip
def test_the_api_takes_files_looks_and_keeps(form: str, content: bytes, shop: Shop) -> None:
    client = client_of(Role.INTEGRATOR)
    given = client.post("/api/v1/offers/imports?name=night", content, content_type=form)
    assert given.status_code == 201
    file: dict[str, Any] = given.json()
    assert (file["state"], file["changes"], file["errors"]) == ("read", 1, 1)
    lines = client.get(f"/api/v1/offers/imports/{file['id']}/lines?outcome=error").json()["lines"]
    assert [(line["sku"], line["error"]) for line in lines] == [("GHOST", "no_offer")]
    done = client.post(
        f"/api/v1/offers/imports/{file['id']}/apply", "{}", content_type="application/json"
    ).json()
    assert (done["state"], done["applied"]) == ("applied", 1)
    assert offer_of("MUG-BLUE-4").desired_price == D("33")
    again = client.post(f"/api/v1/offers/imports/{file['id']}/apply", "{}", content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "not_in_this_state")


def test_the_api_exports_what_it_takes(shop: Shop) -> None:
    client = client_of(Role.INTEGRATOR)
    exported = b"".join(client.get("/api/v1/offers/export.ndjson").streaming_content)
    file = client.post("/api/v1/offers/imports", exported, content_type="application/x-ndjson").json()
    assert (file["errors"], file["changes"], file["unchanged"]) == (0, 0, Offer.objects.count())
    assert client.post("/api/v1/offers/imports", b"x", content_type="text/plain").status_code == 422
