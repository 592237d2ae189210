"""The envelopes against Sage's own WSDL, and X3's XML against its published samples.

They are not part of this repository: `COMPTOIR_SHARED` (default `../shared`) says where they are.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from comptoir.connectors.sage_x3.dialect import build_param, parse_entity
from comptoir.connectors.sage_x3.mapping import LISTS, OBJECTS
from comptoir.connectors.sage_x3.soap import WSS, Argument, Data, Keys, Names, Pool, build

ROOT = Path(__file__).parents[5]
SHARED = (ROOT / os.environ.get("COMPTOIR_SHARED", "../shared")).resolve()
SPECS = SHARED / "specs" / "sage" / "x3-soap"
SAMPLES = SPECS / "samples"
WSDL = "{http://schemas.xmlsoap.org/wsdl/}"

pytestmark = pytest.mark.skipif(not SPECS.is_dir(), reason=f"{SPECS} is absent: set COMPTOIR_SHARED")
CALLS: dict[str, dict[str, Argument]] = {
    "query": {"publicName": "YOSOH", "objectKeys": Keys({"CUSORDREF": "CO-1"}), "listSize": 20},
    "read": {"publicName": "YOSOH", "objectKeys": Keys({"SOHNUM": "1"})},
    "getDescription": {"publicName": "YOSOH"},
    "run": {"publicName": "YSTOCK_LOT", "inputXml": Data("<PARAM/>")},
    "save": {"publicName": "YOSOH", "objectXml": Data("<PARAM/>")},
    "modify": {"publicName": "YOSOH", "objectKeys": Keys({"SOHNUM": "1"}), "objectXml": Data("<PARAM/>")},
    "deleteLines": {"publicName": "YOSOH", "objectKeys": Keys({"SOHNUM": "1"}), "blocKey": "SOH4_1",
                    "lineKeys": Names(["1000"])},
}  # fmt: skip


def wsdl() -> etree._Element:
    return etree.fromstring((SPECS / "CAdxWebServiceXmlCC_v6style.wsdl").read_bytes())


@pytest.mark.parametrize("operation", sorted(CALLS))
def test_every_call_has_the_parameters_of_the_wsdl_in_their_order(operation: str) -> None:
    described = wsdl()
    order = described.find(f".//{WSDL}portType/{WSDL}operation[@name='{operation}']").get("parameterOrder")
    call = etree.fromstring(build(operation, Pool("P", "FRA", "adxwss.optreturn=JSON"), CALLS[operation]))[0][
        0
    ]
    assert call.tag == f"{{{WSS}}}{operation}"
    assert [child.tag for child in call] == order.split()
    parts = {part.get("name"): part.get("type").partition(":")[2]
             for part in described.find(f"{WSDL}message[@name='{operation}Request']")}  # fmt: skip
    given = {
        child.tag: dict(child.attrib)["{http://www.w3.org/2001/XMLSchema-instance}type"] for child in call
    }
    assert {name: kind.partition(":")[2] for name, kind in given.items()} == parts


def test_the_context_is_that_of_version_12() -> None:
    context = json.loads((SPECS / "objects.json").read_text())["web_service"]["call_context_v12"]
    call = etree.fromstring(build("query", Pool("P", "FRA", ""), CALLS["query"]))[0][0]
    assert sorted(child.tag for child in call[0]) == sorted(context)


@pytest.mark.parametrize("name", ["WSSOH_WS_SAVE", "WSSOH_WS_MODIFY"])
def test_the_samples_of_orders_say_the_same_in_xml_and_in_json(name: str) -> None:
    assert parse_entity((SAMPLES / f"{name}.XML").read_text()) == parse_entity(repaired(name))


@pytest.mark.parametrize("name", ["WSBPC_SAVE", "WSITM_SAVE", "WSREP_SAVE", "WSAUS_SAVE"])
def test_the_other_samples_have_the_same_shape_in_both(name: str) -> None:
    """Their values differ from one form to the other."""
    in_xml, in_json = parse_entity((SAMPLES / f"{name}.XML").read_text()), parse_entity(repaired(name))
    assert {part: type(value) for part, value in in_xml.items()} == {
        part: type(value) for part, value in in_json.items()
    }


@pytest.mark.parametrize(
    "name", ["WSSOH_WS_SAVE", "WSSOH_WS_MODIFY", "WSGETBPC_RUN", "WSGETITM_RUN", "WSBPC_SAVE"]
)
def test_what_we_build_is_written_as_the_samples_are(name: str) -> None:
    sample = etree.fromstring((SAMPLES / f"{name}.XML").read_bytes())
    entity = parse_entity((SAMPLES / f"{name}.XML").read_text())
    assert bare(etree.fromstring(build_param(entity))) == bare(sample)


def test_the_fields_of_the_sales_order_are_those_of_the_notes() -> None:
    objects = json.loads((SPECS / "objects.json").read_text())["objects"]
    groups = objects["SOH (sales order)"]["save_groups"]
    seen = {f"{group}.{field}" for group in ("SOH0_1", "SOH2_1") for field in groups[group]}
    seen |= {f"SOH4_1.{field}" for field in groups["SOH4_1 (TAB DIM 200..1002)"]}
    written = {place for name, place in OBJECTS.items() if name.startswith(("order.", "line.")) and place}
    named_in_the_readme = {
        "SOH1_4.PRITYP",
        "SOH4_1.DLVQTY",
        "SOH4_1.SOQSTA",
        "SOH1_5.ORDSTA",
        "SOH4_4.ORDINVATI",
    }
    assert {
        place for place in written - seen - named_in_the_readme if not place.startswith("ADB2_1.")
    } == set()
    columns = objects["SOH (sales order)"]["SORDERQ_columns"]
    read = {column for name, column in LISTS.items() if name.startswith("order_lines.")}
    assert read <= set(columns)


def repaired(name: str) -> str:
    """Some of the published JSON has commas before its closing brackets."""
    return re.sub(r",(\s*[}\]])", r"\1", (SAMPLES / f"{name}.JSON").read_text())


def bare(element: etree._Element) -> Any:
    """Structure, names and texts; types, menus and dimensions apart."""
    own = {name: value for name, value in element.attrib.items() if name in ("ID", "NAME", "NUM", "SIZE")}
    return element.tag, own, (element.text or "").strip(), [bare(child) for child in element]
