"""What GESAWE publishes here: objects with their groups, tables and fields, and how strictly they are read."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from lxml import etree

from bazaar.sage_x3.refusal import Refusal

Cells = dict[str, str]


class Fields(msgspec.Struct, frozen=True):
    """What was given: groups of fields, and the lines of tables with their rank."""

    groups: dict[str, Cells]
    tables: dict[str, list[tuple[int, Cells]]]


Field = tuple[str, int]
"""Type, and length where it is text (0: no limit)."""
_CHAR, _INT, _DEC, _DATE = "Char", "Integer", "Decimal", "Date"
SOH: Mapping[str, Mapping[str, Field]] = {
    "SOH0_1": {"SALFCY": (_CHAR, 5), "SOHTYP": (_CHAR, 5), "SOHNUM": (_CHAR, 20), "REVNUM": (_INT, 0),
               "CUSORDREF": (_CHAR, 20), "ORDDAT": (_DATE, 0), "BPCORD": (_CHAR, 15), "CUR": (_CHAR, 3),
               "YCANAL": (_CHAR, 40), "YREFEXT": (_CHAR, 80)},
    "SOH1_4": {"VACBPR": (_CHAR, 5), "PRITYP": (_INT, 0)},
    "SOH1_5": {"ORDSTA": (_INT, 0), "DLVSTA": (_INT, 0), "INVSTA": (_INT, 0), "ALLSTA": (_INT, 0)},
    "SOH2_1": {"STOFCY": (_CHAR, 5)},
    "ADB2_1": {"BPRNAM": (_CHAR, 35), "BPAADDLIG": (_CHAR, 50), "POSCOD": (_CHAR, 10), "CTY": (_CHAR, 40),
               "CRY": (_CHAR, 3)},
    "SOH4_1": {"NUMLIG": (_INT, 0), "ITMREF": (_CHAR, 20), "ITMDES": (_CHAR, 30), "SAU": (_CHAR, 3),
               "QTY": (_DEC, 0), "GROPRI": (_DEC, 0), "DISCRGVAL1": (_DEC, 0), "DSTOFCY": (_CHAR, 5),
               "DLVQTY": (_DEC, 0), "ALLQTY": (_DEC, 0), "SOQSTA": (_INT, 0)},
    "SOH4_4": {"ORDINVATI": (_DEC, 0)},
}  # fmt: skip
BPC: Mapping[str, Mapping[str, Field]] = {
    "BPC0_1": {"BCGCOD": (_CHAR, 5), "BPCSTA": (_INT, 0), "BPCNUM": (_CHAR, 15), "BPCNAM": (_CHAR, 35)},
    "BPRC_1": {"BPRNAM": (_CHAR, 35), "CRY": (_CHAR, 3), "LAN": (_CHAR, 3), "CUR": (_CHAR, 3)},
    "BPC3_2": {"VACBPR": (_CHAR, 5)},
    "BPAC_1": {"CODADR": (_CHAR, 5), "BPADES": (_CHAR, 35), "BPACRY": (_CHAR, 3), "ADDLIG1": (_CHAR, 50),
               "ADDLIG2": (_CHAR, 50), "POSCOD": (_CHAR, 10), "CTY": (_CHAR, 40), "TEL1": (_CHAR, 40),
               "BPAADDFLG": (_INT, 0)},
}  # fmt: skip
SIH: Mapping[str, Mapping[str, Field]] = {
    "SIH0_1": {"SALFCY": (_CHAR, 5), "SIVTYP": (_CHAR, 5), "NUM": (_CHAR, 20), "INVREF": (_CHAR, 20),
               "INVDAT": (_DATE, 0), "BPCINV": (_CHAR, 15), "CUR": (_CHAR, 3), "YREFCDE": (_CHAR, 20)},
    "SIH1_6": {"VACBPR": (_CHAR, 5), "PRITYP": (_INT, 0)},
    "SIH4_1": {"ITMREF": (_CHAR, 20), "ITMDES1": (_CHAR, 30), "QTY": (_DEC, 0), "GROPRI": (_DEC, 0)},
}  # fmt: skip
POH: Mapping[str, Mapping[str, Field]] = {
    "POH0_1": {"POHFCY": (_CHAR, 5), "POHNUM": (_CHAR, 20), "ORDDAT": (_DATE, 0), "BPSNUM": (_CHAR, 15),
               "ORDREF": (_CHAR, 20)},
    "POH1_4": {"CUR": (_CHAR, 3)},
    "POH3_1": {"ITMREF": (_CHAR, 20), "QTYPUU": (_DEC, 0), "GROPRI": (_DEC, 0), "EXTRCPDAT": (_DATE, 0)},
}  # fmt: skip
STOCK_LOT: Mapping[str, Mapping[str, Field]] = {
    "GRP1": {"I_STOFCY": (_CHAR, 5)},
    "GRP2": {"O_STOFCY": (_CHAR, 5), "O_ITMREF": (_CHAR, 20), "O_LOT": (_CHAR, 15), "O_AVAILABLE": (_DEC, 0)},
}
OBJECTS = {"YOSOH": SOH, "YOBPC": BPC, "YOSIH": SIH, "YOPOH": POH, "YSTOCK_LOT": STOCK_LOT}
TABLES = {"SOH4_1", "POH3_1", "BPAC_1", "SIH4_1", "GRP2"}


def read_param(name: str, text: str) -> Fields:
    """`<PARAM>` of that object, strictly: a field that is not published, too long or of another type is refused."""
    published = OBJECTS[name]
    try:
        root = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise Refusal(f"Flux XML incorrect : {error}") from error
    if root.tag != "PARAM":
        raise Refusal(f"Flux XML incorrect : balise {root.tag}")
    groups: dict[str, Cells] = {}
    tables: dict[str, list[tuple[int, Cells]]] = {}
    for part in root:
        own = part.get("ID", "")
        if own not in published or (part.tag == "TAB") != (own in TABLES) or part.tag not in ("GRP", "TAB"):
            raise Refusal(f"{name} : groupe {own} non publié")
        if part.tag == "GRP":
            groups[own] = _cells(name, own, part)
        else:
            if part.get("SIZE") != str(len(part)):
                raise Refusal(f"{own} : SIZE {part.get('SIZE')}, {len(part)} lignes")
            tables[own] = [(int(line.get("NUM", "0")), _cells(name, own, line)) for line in part]
    return Fields(groups, tables)


def _cells(name: str, group: str, parent: etree._Element) -> Cells:
    found: Cells = {}
    for child in parent:
        field = child.get("NAME", "")
        if field not in OBJECTS[name][group]:
            raise Refusal(f"{name} : zone {group}.{field} non publiée")
        kind, length = OBJECTS[name][group][field]
        texts = [item.text or "" for item in child] if child.tag == "LST" else [child.text or ""]
        for text in texts:
            _checked(field, kind, length, text)
        found[field] = "\n".join(texts) if child.tag == "LST" else texts[0]
    return found


def _checked(field: str, kind: str, length: int, text: str) -> None:
    if kind == _CHAR and length and len(text) > length:
        raise Refusal(f"{field} : {len(text)} caractères, {length} au plus")
    if kind == _DATE and not (len(text) == 8 and text.isdigit()):
        raise Refusal(f"{field} : date AAAAMMJJ attendue, {text}")
    if kind == _INT and not text.lstrip("-").isdigit():
        raise Refusal(f"{field} : entier attendu, {text}")


def describe(name: str) -> str:
    """`getDescription`: groups and tables with the type and length of each field."""
    root = etree.Element("ADXDOC", {"NAM": name})
    for group, fields in OBJECTS[name].items():
        tag = "TAB" if group in TABLES else "GRP"
        part = etree.SubElement(root, tag, {"NAM": group, "TYB": "Tableau" if tag == "TAB" else "Liste"})
        for field, (kind, length) in fields.items():
            etree.SubElement(part, "FLD", {"NAM": field, "TYP": kind, "LEN": str(length)})
    return etree.tostring(root, encoding="unicode")
