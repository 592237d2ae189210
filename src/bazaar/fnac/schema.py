"""Shapes of requests, in a short notation that is compiled into an XML Schema.

The real server validates with libxml2 and repeats its words. Compiling our shapes into a schema for the
same library gives the same words, and keeps the shapes readable: see `requests.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal
from xml.sax.saxutils import quoteattr

import msgspec
from lxml import etree

from bazaar.world.randomness import digest

NAMESPACE = "http://www.fnac.com/schemas/mp-dialog.xsd"
Group = Literal["sequence", "all", "choice"]


class Simple(msgspec.Struct, frozen=True):
    """A type of text: a built-in one (`dateTime`), with what restricts it."""

    base: str = "string"
    values: tuple[str, ...] = ()
    pattern: str = ""
    facets: tuple[tuple[str, str], ...] = ()


class Attribute(msgspec.Struct, frozen=True):
    name: str
    type: Simple
    required: bool = False


class Shape(msgspec.Struct, frozen=True):
    """An element's content: a text (`text`), or children in a group, or a sequence of groups."""

    children: tuple[Element | Shape, ...] = ()
    group: Group = "sequence"
    text: Simple | None = None
    attributes: tuple[Attribute, ...] = ()
    least: int = 1
    most: int | None = 1  # None: without limit


class Element(msgspec.Struct, frozen=True):
    name: str
    content: Simple | Shape
    least: int = 0
    most: int | None = 1


def schema_for(service: str, shape: Shape) -> etree.XMLSchema:
    """The compiled schema of one service's request."""
    named = "".join(_simple(text, name=_name(text)) for text in set(_restricted_texts(shape)))
    text = (
        f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="{NAMESPACE}" '
        f'targetNamespace="{NAMESPACE}" elementFormDefault="qualified">{named}'
        f'<xs:element name="{service}">{_complex(shape)}</xs:element></xs:schema>'
    )
    return etree.XMLSchema(etree.fromstring(text))


def _restricted_texts(shape: Shape) -> Iterator[Simple]:
    """The types of texts with attributes: a schema can only extend types that have a name."""
    if shape.text is not None and shape.text != Simple():
        yield shape.text
    for child in shape.children:
        content = child if isinstance(child, Shape) else child.content
        if isinstance(content, Shape):
            yield from _restricted_texts(content)


def _name(text: Simple) -> str:
    return f"text-{digest(text.base, text.values, text.pattern, text.facets)}"


def _complex(shape: Shape) -> str:
    attributes = "".join(_attribute(one) for one in shape.attributes)
    if shape.text is not None:
        base = "xs:string" if shape.text == Simple() else _name(shape.text)
        held = f'<xs:extension base="{base}">{attributes}</xs:extension>'
        return f"<xs:complexType><xs:simpleContent>{held}</xs:simpleContent></xs:complexType>"
    return f"<xs:complexType>{_group(shape)}{attributes}</xs:complexType>"


def _group(shape: Shape) -> str:
    inside = "".join(_group(one) if isinstance(one, Shape) else _element(one) for one in shape.children)
    return f"<xs:{shape.group}{_occurs(shape.least, shape.most)}>{inside}</xs:{shape.group}>"


def _element(one: Element) -> str:
    occurs = _occurs(one.least, one.most)
    content = _simple(one.content) if isinstance(one.content, Simple) else _complex(one.content)
    return f'<xs:element name="{one.name}"{occurs}>{content}</xs:element>'


def _attribute(one: Attribute) -> str:
    use = "required" if one.required else "optional"
    return f'<xs:attribute name="{one.name}" use="{use}">{_simple(one.type)}</xs:attribute>'


def _simple(one: Simple, *, name: str = "") -> str:
    facets = [*((("pattern", one.pattern),) if one.pattern else ()), *one.facets]
    facets += [("enumeration", value) for value in one.values]
    inside = "".join(f"<xs:{name} value={quoteattr(value)}/>" for name, value in facets)
    named = f' name="{name}"' if name else ""
    restricted = f'<xs:restriction base="xs:{one.base}">{inside}</xs:restriction>'
    return f"<xs:simpleType{named}>{restricted}</xs:simpleType>"


def _occurs(least: int, most: int | None) -> str:
    return f' minOccurs="{least}" maxOccurs="{"unbounded" if most is None else most}"'


def texts(length: int) -> Simple:
    return Simple(facets=(("maxLength", str(length)),))


def one_of(values: str) -> Simple:
    """A choice among blank-separated values."""
    return Simple(values=tuple(values.split()))


def sequence(*children: Element | Shape, attributes: Sequence[Attribute] = ()) -> Shape:
    return Shape(children=children, attributes=tuple(attributes))


def any_order(*children: Element, attributes: Sequence[Attribute] = ()) -> Shape:
    return Shape(children=children, group="all", attributes=tuple(attributes))


def any_of(*children: Element) -> Shape:
    return Shape(children=children, group="choice", least=0, most=None)
