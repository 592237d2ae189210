"""XML in and out, safely: no entities, no network, no DOCTYPE; what XML cannot carry is left out."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from comptoir.sdk.errors import UnexpectedAnswer

# XML 1.0 §2.2: everything else may not stand in a document, not even escaped.
_ILLEGAL: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def parse(body: bytes) -> etree._Element:
    """The root; UnexpectedAnswer when it is empty, not XML, or has a DOCTYPE."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(body.strip(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnexpectedAnswer(f"The answer is not XML: {error!s}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnexpectedAnswer("The answer declares a DOCTYPE: it is not read.")
    return root


def local_name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def text_of(element: etree._Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""


def legal(text: str) -> str:
    return _ILLEGAL.sub("", text)
