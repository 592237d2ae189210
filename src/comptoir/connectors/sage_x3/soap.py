"""The envelopes of `CAdxWebServiceXmlCC`: RPC/encoded, built and read by hand (the WSDL needs the network to load)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from lxml import etree

from comptoir.connectors.sage_x3.xml import legal, local_name, parse, text_of
from comptoir.sdk.errors import UnexpectedAnswer

ENVELOPE: Final = "http://schemas.xmlsoap.org/soap/envelope/"
ENCODING: Final = "http://schemas.xmlsoap.org/soap/encoding/"
WSS: Final = "http://www.adonix.com/WSS"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
_NAMESPACES: Final = {
    "soapenv": ENVELOPE, "wss": WSS, "xsi": XSI, "xsd": "http://www.w3.org/2001/XMLSchema", "soapenc": ENCODING,
}  # fmt: skip
INFORMATION, WARNING, ERROR = "1", "2", "3"


@dataclass(frozen=True)
class Pool:
    """`callContext`: V12 knows the user from HTTP, so `codeUser` and `password` are not there."""

    alias: str
    language: str
    config: str


@dataclass(frozen=True)
class Message:
    type: str
    text: str


@dataclass(frozen=True)
class SoapAnswer:
    status: int
    """1: done. 0: not; the messages say why."""
    messages: tuple[Message, ...]
    result: str


@dataclass(frozen=True)
class Keys:
    """`objectKeys`: one row's key, or the values that a list is narrowed by."""

    values: Mapping[str, str]


@dataclass(frozen=True)
class Names:
    """`lineKeys`: an array of strings."""

    values: Sequence[str]


@dataclass(frozen=True)
class Data:
    """XML or JSON as one string, in CDATA."""

    text: str


Argument = str | int | Keys | Names | Data


def build(operation: str, pool: Pool, arguments: Mapping[str, Argument]) -> bytes:
    """`arguments` in the order of the WSDL's `parameterOrder`, after the context."""
    root = etree.Element(f"{{{ENVELOPE}}}Envelope", nsmap=_NAMESPACES)
    body = etree.SubElement(root, f"{{{ENVELOPE}}}Body")
    call = etree.SubElement(body, f"{{{WSS}}}{operation}", {f"{{{ENVELOPE}}}encodingStyle": ENCODING})
    context = _typed(call, "callContext", "wss:CAdxCallContext")
    for name, value in (("codeLang", pool.language), ("poolAlias", pool.alias), ("poolId", ""),
                        ("requestConfig", pool.config)):  # fmt: skip
        _typed(context, name, "xsd:string").text = value
    for name, argument in arguments.items():
        _argument(call, name, argument)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _argument(call: etree._Element, name: str, argument: Argument) -> None:
    if isinstance(argument, Keys):
        array = _array(
            call, name, "wss:ArrayOfCAdxParamKeyValue", "wss:CAdxParamKeyValue", len(argument.values)
        )
        for key, value in argument.values.items():
            item = _typed(array, name, "wss:CAdxParamKeyValue")
            _typed(item, "key", "xsd:string").text = key
            _typed(item, "value", "xsd:string").text = legal(value)
    elif isinstance(argument, Names):
        array = _array(call, name, "wss:ArrayOf_xsd_string", "xsd:string", len(argument.values))
        for value in argument.values:
            _typed(array, name, "xsd:string").text = legal(value)
    elif isinstance(argument, Data):
        # `]]>` cannot stand in CDATA, and inside markup it is only ever written `]]&gt;`.
        _typed(call, name, "xsd:string").text = etree.CDATA(argument.text.replace("]]>", "]]&gt;"))
    else:
        kind = "xsd:int" if isinstance(argument, int) else "xsd:string"
        _typed(call, name, kind).text = legal(str(argument))


def _typed(parent: etree._Element, name: str, kind: str) -> etree._Element:
    return etree.SubElement(parent, name, {f"{{{XSI}}}type": kind})


def _array(parent: etree._Element, name: str, kind: str, item: str, size: int) -> etree._Element:
    array = _typed(parent, name, kind)
    array.set(f"{{{ENCODING}}}arrayType", f"{item}[{size}]")
    return array


# --- answers --------------------------------------------------------------------------------------------


def parse_answer(operation: str, body: bytes) -> SoapAnswer:
    """UnexpectedAnswer when it is no answer to that operation; a fault's words are in it."""
    root = parse(body)
    if fault := fault_of(root):
        raise UnexpectedAnswer(f"{operation}: {fault}", code="soap_fault")
    found = next(iter(root.iter(f"{operation}Return")), None)
    if found is None:
        found = next((e for e in root.iter() if local_name(e) == f"{operation}Return"), None)
    if found is None:
        raise UnexpectedAnswer(f"{operation}: there is no {operation}Return in the answer.")
    returned = _resolved(root, found)
    status = text_of(_child(root, returned, "status"))
    if status not in ("0", "1"):
        raise UnexpectedAnswer(f"{operation}: {status!r} is no status.")
    messages = _child(root, returned, "messages")
    result = _child(root, returned, "resultXml")
    text = (result.text or "") if result is not None else ""
    return SoapAnswer(int(status), tuple(_messages(root, messages)), text)


def fault_of(root: etree._Element) -> str:
    """The words of a SOAP fault, in 1.1 or 1.2; "" when it is none."""
    fault = next((element for element in root.iter() if local_name(element) == "Fault"), None)
    if fault is None:
        return ""
    words = [
        text_of(element)
        for element in fault.iter()
        if local_name(element) in ("faultstring", "Text", "message")
    ]
    return " ".join(dict.fromkeys(filter(None, words))) or "SOAP fault"


def _child(root: etree._Element, parent: etree._Element, name: str) -> etree._Element | None:
    found = next((child for child in parent if local_name(child) == name), None)
    return None if found is None else _resolved(root, found)


def _resolved(root: etree._Element, element: etree._Element) -> etree._Element:
    """Encoded SOAP may write a value elsewhere in the body and point at it: `href="#id0"`."""
    place = element.get("href", "")
    if not place.startswith("#"):
        return element
    found = next((other for other in root.iter() if other.get("id") == place[1:]), None)
    if found is None:
        raise UnexpectedAnswer(f"The answer points at {place}, which is not there.")
    return found


def _messages(root: etree._Element, messages: etree._Element | None) -> list[Message]:
    found = []
    for item in messages if messages is not None else ():
        one = _resolved(root, item)
        text = text_of(_child(root, one, "message"))
        if text:
            found.append(Message(text_of(_child(root, one, "type")) or ERROR, text))
    return found
