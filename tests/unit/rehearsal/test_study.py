"""The study of overselling, small: the order of the schemes, not their figures."""

from __future__ import annotations

from random import Random
from xml.etree import ElementTree

from comptoir.rehearsal.study import SCHEMES, Case, Result, _measure
from comptoir.rehearsal.study_report import draw

HOURLY = Case(40, 40, 3600)


def measured(label: str) -> Result:
    scheme = next(s for s in SCHEMES if s.label == label)
    return _measure(HOURLY, scheme, 25, Random(3))


def test_without_protection_units_are_sold_twice_and_a_buffer_leaves_units_unsold() -> None:
    none, buffered = measured("none"), measured("buffer 2")
    assert none.oversold_per_1000 > buffered.oversold_per_1000
    assert none.stranded == 0 < buffered.stranded


def test_escrow_sells_every_unit_once() -> None:
    escrow = measured("escrow, K by demand")
    assert (escrow.oversold_per_1000, escrow.stranded) == (0, 0)


def test_the_picture_names_every_figure() -> None:
    row = [_measure(HOURLY, scheme, 3, Random(3)) for scheme in SCHEMES]
    texts = [node.text or "" for node in ElementTree.fromstring(draw(row)).iter() if node.text]
    assert {scheme.label for scheme in SCHEMES} <= set(texts)
    assert sum("never sold" in text for text in texts) == len(SCHEMES)
