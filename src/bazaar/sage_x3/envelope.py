"""SOAP as Syracuse reads and writes it: RPC/encoded, strictly by the WSDL's parameters and their order."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from lxml import etree

from bazaar.sage_x3.refusal import Messages

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
ENCODING = "http://schemas.xmlsoap.org/soap/encoding/"
WSS = "http://www.adonix.com/WSS"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
_NAMESPACES = {"soapenv": ENVELOPE, "wss": WSS, "xsi": XSI, "soapenc": ENCODING,
               "xsd": "http://www.w3.org/2001/XMLSchema"}  # fmt: skip
# `parameterOrder` of each operation, after the context.
PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "run": ("publicName", "inputXml"),
    "save": ("publicName", "objectXml"),
    "delete": ("publicName", "objectKeys"),
    "read": ("publicName", "objectKeys"),
    "query": ("publicName", "objectKeys", "listSize"),
    "getDescription": ("publicName",),
    "modify": ("publicName", "objectKeys", "objectXml"),
    "deleteLines": ("publicName", "objectKeys", "blocKey", "lineKeys"),
}
_CONTEXT = ("codeLang", "poolAlias", "poolId", "requestConfig")


class BadCall(Exception):  # noqa: N818
    """A SOAP fault."""


class Call(msgspec.Struct, frozen=True):
    operation: str
    pool: str
    config: str
    texts: dict[str, str]
    keys: dict[str, str]
    lines: list[str]


def read_call(body: bytes) -> Call:
    """Raises BadCall."""
    try:
        root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise BadCall(f"org.xml.sax.SAXParseException: {error}") from error
    if (
        root.tag != f"{{{ENVELOPE}}}Envelope"
        or (inside := root.find(f"{{{ENVELOPE}}}Body")) is None
        or not len(inside)
    ):
        raise BadCall("no soapenv:Body in the request")
    call = inside[0]
    name = etree.QName(call)
    if name.namespace != WSS or name.localname not in PARAMETERS:
        raise BadCall(f"no such operation '{name.localname}'")
    wanted = ("callContext", *PARAMETERS[name.localname])
    if tuple(child.tag for child in call) != wanted:
        raise BadCall(f"{name.localname} takes {', '.join(wanted)}")
    context = {str(child.tag): child.text or "" for child in call[0]}
    if unknown := sorted(set(context) - set(_CONTEXT)):
        raise BadCall(f"CAdxCallContext has no {', '.join(unknown)}")
    return _call(name.localname, context, {str(child.tag): child for child in list(call)[1:]})


def _call(operation: str, context: dict[str, str], parts: dict[str, etree._Element]) -> Call:
    keys: dict[str, str] = {}
    lines: list[str] = []
    texts: dict[str, str] = {}
    for name, part in parts.items():
        if name == "objectKeys":
            keys = {item.findtext("key") or "": item.findtext("value") or "" for item in part}
        elif name == "lineKeys":
            lines = [item.text or "" for item in part]
        else:
            texts[name] = part.text or ""
    if "listSize" in texts and not texts["listSize"].isdigit():
        raise BadCall("listSize is an int")
    return Call(operation, context.get("poolAlias", ""), context.get("requestConfig", ""), texts, keys, lines)


def write_answer(operation: str, status: int, messages: Messages, result: str) -> bytes:
    root = etree.Element(f"{{{ENVELOPE}}}Envelope", nsmap=_NAMESPACES)
    body = etree.SubElement(root, f"{{{ENVELOPE}}}Body")
    answer = etree.SubElement(
        body, f"{{{WSS}}}{operation}Response", {f"{{{ENVELOPE}}}encodingStyle": ENCODING}
    )
    returned = _typed(answer, f"{operation}Return", "wss:CAdxResultXml")
    listed = _typed(returned, "messages", "soapenc:Array")
    listed.set(f"{{{ENCODING}}}arrayType", f"wss:CAdxMessage[{len(messages)}]")
    for kind, words in messages:
        message = _typed(listed, "messages", "wss:CAdxMessage")
        _typed(message, "message", "xsd:string").text = words
        _typed(message, "type", "xsd:string").text = str(kind)
    if result:
        _typed(returned, "resultXml", "xsd:string").text = etree.CDATA(result)
    else:
        _typed(returned, "resultXml", "xsd:string").set(f"{{{XSI}}}nil", "true")
    _typed(returned, "status", "xsd:int").text = str(status)
    infos = _typed(returned, "technicalInfos", "wss:CAdxTechnicalInfos")
    _typed(infos, "busy", "xsd:boolean").text = "false"
    _typed(infos, "poolEntryIdx", "xsd:int").text = "1"
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def write_fault(words: str) -> bytes:
    root = etree.Element(f"{{{ENVELOPE}}}Envelope", nsmap={"soapenv": ENVELOPE})
    fault = etree.SubElement(etree.SubElement(root, f"{{{ENVELOPE}}}Body"), f"{{{ENVELOPE}}}Fault")
    etree.SubElement(fault, "faultcode").text = "soapenv:Server"
    etree.SubElement(fault, "faultstring").text = words
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _typed(parent: etree._Element, name: str, kind: str) -> etree._Element:
    return etree.SubElement(parent, name, {f"{{{XSI}}}type": kind})
