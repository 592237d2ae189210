"""XML in and out, safely: no entities, no network, bounded sizes; what comes in is read as plain dicts.

An element becomes its text when it is a leaf without attributes, else a dict: children by local name,
attributes as "@name", text as "#text". Children whose names are in `REPEATED` are always lists.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from lxml import etree

from comptoir.sdk.errors import UnexpectedAnswer

NAMESPACE: Final = "http://www.fnac.com/schemas/mp-dialog.xsd"
MAX_BYTES: Final = 64 * 1024 * 1024

REPEATED: Final = frozenset(
    """error order order_detail offer batch carrier pricing_product pricing ranked_offers message
    message_file incident order_detail_incident refund client_order_comment shop_invoice""".split()
)
# XML 1.0 §2.2: everything else may not stand in a document, not even escaped.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ILLEGAL_REFERENCE = re.compile(r"&#(?:x0*(?:[0-8bcef]|1[0-9a-f])|0*(?:[0-8]|1[124-9]|2[0-9]|3[01]));", re.I)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def parse_document(body: bytes) -> etree._Element:
    """The root of an answer; UnexpectedAnswer when it is empty, too large, not XML, or has a DOCTYPE.

    A second reading forgives what Fnac's server has been seen to send: bytes that are not in the
    declared encoding, control characters, blanks before the declaration.
    """
    if not body.strip():
        raise UnexpectedAnswer("The answer is empty.")
    if len(body) > MAX_BYTES:
        raise UnexpectedAnswer(f"The answer is larger than {MAX_BYTES} bytes.")
    try:
        return _parse(body.strip())
    except (etree.XMLSyntaxError, ValueError):
        return _parse_forgivingly(body)


def _parse(body: bytes) -> etree._Element:
    root = etree.fromstring(body, _parser())
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnexpectedAnswer("The answer declares a DOCTYPE: it is not read.")
    return root


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _parse_forgivingly(body: bytes) -> etree._Element:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("cp1252", "replace")
    text = _ILLEGAL_REFERENCE.sub("", _ILLEGAL.sub("", _DECLARATION.sub("", text)))
    try:
        return _parse(text.strip().encode())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnexpectedAnswer(f"The answer is not XML: {error!s}") from error


def local_name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def to_dict(element: etree._Element) -> dict[str, Any]:
    """An element with its children and attributes as a dict."""
    found: dict[str, Any] = {f"@{name!s}": value for name, value in element.attrib.items()}
    for child in element:
        name = local_name(child)
        if name in REPEATED:
            found.setdefault(name, []).append(_value(child))
        else:
            found[name] = _value(child)
    if text := (element.text or "").strip():
        found["#text"] = text
    return found


def _value(element: etree._Element) -> Any:
    """Text for a leaf without attributes, else a dict; in `REPEATED` lists always a dict."""
    if len(element) or element.attrib or local_name(element) in REPEATED:
        return to_dict(element)
    return (element.text or "").strip()


def raw(element: etree._Element) -> bytes:
    return etree.tostring(element, encoding="utf-8", with_tail=False)


def document(name: str, attributes: Mapping[str, str] | None = None) -> etree._Element:
    """The root of a request, in Fnac's namespace."""
    root = etree.fromstring(f'<{name} xmlns="{NAMESPACE}"/>'.encode(), etree.XMLParser())
    for attribute, value in (attributes or {}).items():
        root.set(attribute, value)
    return root


def add(
    parent: etree._Element, name: str, text: str = "", attributes: Mapping[str, str] | None = None
) -> etree._Element:
    """Append a child; characters that XML cannot carry are left out."""
    child = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}", dict(attributes or {}))
    child.text = _ILLEGAL.sub("", text) or None
    return child


def to_bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)
