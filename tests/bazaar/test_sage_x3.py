"""The simulated X3 is as strict as the real one, and its books add up."""

from __future__ import annotations

import base64
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from lxml import etree
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bazaar.genesis import begin
from bazaar.sage_x3.envelope import ENVELOPE, PARAMETERS, WSS
from bazaar.sage_x3.erp import X3Erp
from bazaar.sage_x3.settings import X3Settings
from bazaar.settings import ServeSettings
from bazaar.world.world import SimulatedWorld

SHARED = Path(os.environ.get("COMPTOIR_SHARED", "../shared")) / "specs" / "sage" / "x3-soap"
START = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
SETTINGS = X3Settings()
SOAP = "/soap-generic/syracuse/collaboration/syracuse/CAdxWebServiceXmlCC"
BASIC = "Basic " + base64.b64encode(f"{SETTINGS.user}:{SETTINGS.password}".encode()).decode()
HEADERS = {"Authorization": BASIC, "Content-Type": "text/xml", "SOAPAction": '""'}


@pytest.fixture
def world() -> SimulatedWorld:
    calm = {"sage_x3": {"split_rate": 0.0, "credit_rate": 0.0}}
    return begin(
        ServeSettings(
            seed=3, party=["sage_x3"], products=30, start=START, speed=0.0, orders_per_hour=0.0, parties=calm
        )
    )


@pytest.fixture
def erp(world: SimulatedWorld) -> X3Erp:
    party = world.parties["sage-x3-1"]
    assert isinstance(party, X3Erp)
    return party


@pytest.fixture
def client(erp: X3Erp) -> TestClient:
    return TestClient(Starlette(routes=list(erp.routes())))


def listed(client: TestClient, name: str, **asked: str) -> Any:
    answer = client.get(f"/api1/x3/erp/SEED/{name}", headers={"Authorization": BASIC},
                        params={"representation": f"{name}.$query", **asked})  # fmt: skip
    return answer.json() if answer.status_code == 200 else answer


def call(client: TestClient, operation: str, parts: str, **changed: str) -> Any:
    body = (
        f'<e:Envelope xmlns:e="{ENVELOPE}"><e:Body><w:{operation} xmlns:w="{WSS}"><callContext><codeLang>FRA</codeLang>'
        f"<poolAlias>COMPTOIR</poolAlias><poolId/><requestConfig>adxwss.optreturn=XML</requestConfig></callContext>"
        f"{parts}</w:{operation}></e:Body></e:Envelope>"
    )
    return client.post(SOAP, content=body.encode(), headers={**HEADERS, **changed})


def saved(client: TestClient, xml: str, name: str = "YOSOH") -> tuple[str, str]:
    """Status and messages."""
    parts = f"<publicName>{name}</publicName><objectXml><![CDATA[{xml}]]></objectXml>"
    root = etree.fromstring(call(client, "save", parts).content)
    return root.findtext(".//status") or "", " / ".join(one.text or "" for one in root.iter("message"))


def sale(sku: str, *, reference: str = "CO-1", kind: str = "SON", number: str = "", line: str = "", price: str = "10",
         quantity: str = "1") -> str:  # fmt: skip
    own = f'<FLD NAME="SOHNUM">{number}</FLD>' if number else ""
    return (
        f'<PARAM><GRP ID="SOH0_1"><FLD NAME="SALFCY">FR011</FLD><FLD NAME="SOHTYP">{kind}</FLD>{own}'
        f'<FLD NAME="BPCORD">MKDIVERS</FLD><FLD NAME="CUSORDREF">{reference}</FLD></GRP>'
        f'<TAB ID="SOH4_1" SIZE="1"><LIN NUM="1"><FLD NAME="ITMREF">{sku}</FLD><FLD NAME="QTY">{quantity}</FLD>'
        f'<FLD NAME="GROPRI">{price}</FLD>{line}</LIN></TAB></PARAM>'
    )


# --- who may come in ------------------------------------------------------------------------------------


def token(**changed: Any) -> str:
    now = int(START.timestamp())
    claims = {
        "iss": SETTINGS.client_id,
        "sub": SETTINGS.user,
        "aud": "",
        "iat": now,
        "exp": now + 60,
        **changed,
    }
    return "Bearer " + jwt.encode(claims, SETTINGS.client_secret, algorithm="HS256")


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (BASIC, 200), ("", 401), ("Basic !!", 401), ("Basic " + base64.b64encode(b"COMPT:no").decode(), 401),
        (token(), 200), (token(aud="x3"), 401), (token(iss="other"), 401), (token(sub="ADMIN"), 401),
        (token(exp=int(START.timestamp()) + 61), 401), (token(exp=int(START.timestamp()) - 1), 401),
        (token(iat=int(START.timestamp()) + 30, exp=int(START.timestamp()) + 60), 401), ("Bearer nonsense", 401),
    ],
)  # fmt: skip
def test_only_its_user_comes_in_and_a_token_is_true_for_a_minute(
    client: TestClient, header: str, status: int
) -> None:
    asked = {"representation": "ITMMASTER.$query"}
    answer = client.get("/api1/x3/erp/SEED/ITMMASTER", headers={"Authorization": header}, params=asked)
    assert answer.status_code == status


# --- how it is asked ------------------------------------------------------------------------------------


def test_a_call_without_its_header_or_out_of_order_is_no_call(client: TestClient) -> None:
    good = "<publicName>YOSOH</publicName>"
    assert call(client, "getDescription", good).status_code == 200
    headers = {name: value for name, value in HEADERS.items() if name != "SOAPAction"}
    refused = client.post(SOAP, content=b"<x/>", headers=headers)
    assert "soapAction" in refused.json()["$diagnoses"][0]["$message"]
    for operation, parts in (
        ("query", good), ("save", f"<objectXml/>{good}"), ("save", f"{good}<inputXml/>"), ("drop", good),
        ("query", f"{good}<objectKeys/><listSize>many</listSize>"),
    ):  # fmt: skip
        answer = call(client, operation, parts)
        assert (answer.status_code, b"faultstring" in answer.content) == (500, True), operation
    assert client.post(SOAP, content=b"<no", headers=HEADERS).status_code == 500


@pytest.mark.shared
def test_its_parameters_are_those_of_the_wsdl() -> None:
    if not SHARED.is_dir():
        pytest.skip(f"the WSDL is not in {SHARED}")
    root = etree.fromstring((SHARED / "CAdxWebServiceXmlCC_v6style.wsdl").read_bytes())
    space = "{http://schemas.xmlsoap.org/wsdl/}"
    for operation, parameters in PARAMETERS.items():
        found = root.find(f"{space}portType/{space}operation[@name='{operation}']")
        assert found is not None
        assert str(found.get("parameterOrder")).split() == ["callContext", *parameters]


def test_what_is_not_published_too_long_or_of_another_type_is_refused_with_a_200(
    client: TestClient, world: SimulatedWorld
) -> None:
    sku = next(iter(world.products))
    assert saved(client, sale(sku))[0] == "1"
    for xml, words in (
        (sale(sku, reference="C" * 21), "21 caractères, 20 au plus"),
        (sale(sku, line='<FLD NAME="YNEW">1</FLD>'), "SOH4_1.YNEW non publiée"),
        (sale(sku).replace('SIZE="1"', 'SIZE="2"'), "SIZE 2"),
        (sale(sku, quantity="0"), "Quantité : 0"), (sale(sku, quantity="1.5"), "Quantité : 1.5"),
        (sale(sku, price="1.123456"), "Trop de décimales"), (sale(sku, price="-1"), "prix négatif"),
        (sale("NOTHING"), "Article : NOTHING / Fiche inexistante"), (sale(sku, kind="???"), "Type de commande"),
        (sale(sku).replace("MKDIVERS", "NOBODY"), "Client : NOBODY"), ("<PARAM", "Flux XML incorrect"),
        (sale(sku, number="CO-1"), "compteur automatique"), (sale(sku, kind="SWB"), "zone obligatoire"),
    ):  # fmt: skip
        status, messages = saved(client, xml)
        assert (status, words in messages) == ("0", True), messages


def test_a_reference_twice_makes_two_orders_and_a_number_twice_is_refused(
    client: TestClient, world: SimulatedWorld, erp: X3Erp
) -> None:
    sku = next(iter(world.products))
    assert [saved(client, sale(sku))[0] for _ in (1, 2)] == ["1", "1"]
    assert [one["reference"] for one in erp.documents()] == ["CO-1", "CO-1"], "the verdict sees both"
    first, second = (saved(client, sale(sku, kind="SWB", number="CO-9", reference="CO-9")) for _ in (1, 2))
    assert (first[0], second[0]) == ("1", "0")
    assert "existe déjà" in second[1]


# --- lists ----------------------------------------------------------------------------------------------


def test_pages_lead_to_the_next_and_the_order_is_kept(client: TestClient) -> None:
    page, found = listed(client, "ITMMASTER", count="7", orderBy="ITMREF desc"), []
    while True:
        found += [row["ITMREF"] for row in page["$resources"]]
        following = page["$links"].get("$next")
        if following is None:
            break
        page = client.get(following["$url"], headers={"Authorization": BASIC}).json()
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == 33, "thirty articles and the three services"


def test_lists_that_are_not_there_and_columns_that_are_not_known(client: TestClient) -> None:
    assert listed(client, "NOTHING").status_code == 404
    assert listed(client, "ITMMASTER", representation="OTHER.$query").status_code == 404
    assert listed(client, "ITMMASTER", where="NOPE eq 1").status_code == 500
    assert listed(client, "ITMMASTER", orderBy="NOPE").status_code == 500
    assert len(listed(client, "ITMMASTER")["$resources"]) == 20, "where no count is asked for"


# --- the books ------------------------------------------------------------------------------------------


def test_an_order_is_allocated_delivered_invoiced_and_its_units_add_up(
    client: TestClient, world: SimulatedWorld, erp: X3Erp
) -> None:
    sku = max(world.products.values(), key=lambda product: product.initial_stock).sku
    before = erp.physical_stock()[sku]
    assert saved(client, sale(sku, quantity="3"))[0] == "1"
    seen = set()
    for _ in range(72):
        world.advance(world.now() + timedelta(minutes=10))
        [order] = listed(client, "SORDER")["$resources"]
        seen.add((order["ALLSTA"], order["DLVSTA"], order["ORDSTA"], order["INVSTA"]))
        allocated = sum(row["CUMALLQTY"] for row in listed(client, "STOCK", count="100")["$resources"])
        assert allocated in (0, 3)
    assert {(1, 1, 1, 1), (3, 1, 1, 1)} <= seen
    world.advance(world.now() + timedelta(days=2))
    [order] = listed(client, "SORDER")["$resources"]
    assert (order["DLVSTA"], order["ORDSTA"], order["INVSTA"]) == (3, 2, 3)
    moves = listed(client, "STOJOU", where=f"ITMREF eq '{sku}' and VCRTYP eq 4", count="100")["$resources"]
    assert sum(row["QTYSTU"] for row in moves) == -3
    whole = listed(client, "STOJOU", where=f"ITMREF eq '{sku}'", count="100")["$resources"]
    assert sum(row["QTYSTU"] for row in whole) == erp.physical_stock()[sku] <= before
    invoices = listed(client, "SINVOICE", where="INVTYP eq 1")["$resources"]
    assert sum(row["AMTATI"] for row in invoices) == 30


def test_a_row_of_stock_that_is_used_up_is_deleted(
    client: TestClient, world: SimulatedWorld, erp: X3Erp
) -> None:
    sku, units = min(((s, u) for s, u in erp.physical_stock().items() if u), key=lambda pair: pair[1])
    assert saved(client, sale(sku, quantity=str(units)))[0] == "1"
    world.advance(world.now() + timedelta(hours=6))
    rows = {row["ITMREF"] for row in listed(client, "STOCK", count="100")["$resources"]}
    assert (sku in rows) == bool(erp.physical_stock()[sku])
    assert [row["PHYSTO"] for row in listed(client, "ITMMVT", where=f"ITMREF eq '{sku}'")["$resources"]] == [
        erp.physical_stock()[sku]
    ]


def test_what_it_publishes_can_be_described(client: TestClient) -> None:
    answer = call(client, "getDescription", "<publicName>YOSOH</publicName>").text
    assert re.search(r'<GRP NAM="SOH0_1".*?<FLD NAM="CUSORDREF" TYP="Char" LEN="20"/>', answer)
    assert "inexistante" in call(client, "getDescription", "<publicName>YNOPE</publicName>").text
