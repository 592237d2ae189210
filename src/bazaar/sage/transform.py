"""BC → PL → BL → FA: Sage keeps no order. The same lines change their type and their piece.

What does not leave stays behind under the old piece, a remainder (`DO_Reliquat`); the order's first number
survives in `DL_PieceBC` alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bazaar.sage.base import DEPOT, Base
from bazaar.sage.numbering import next_piece
from bazaar.sage.orders import amounts, hour

PL, BL, FA = 2, 3, 6
_STOCK = {
    (1, 2): "AS_QteRes = AS_QteRes - %(units)s, AS_QtePrepa = AS_QtePrepa + %(units)s",
    (1, 3): "AS_QteRes = AS_QteRes - %(units)s, {out}",
    (2, 3): "AS_QtePrepa = AS_QtePrepa - %(units)s, {out}",
}
_OUT = "AS_MontSto = AS_MontSto - %(units)s * AS_MontSto / NULLIF(AS_QteSto, 0), AS_QteSto = AS_QteSto - %(units)s"


def lines_of(base: Base, do_type: int, piece: str) -> list[dict[str, Any]]:
    return base.rows(
        "SELECT * FROM F_DOCLIGNE WHERE DO_Domaine = 0 AND DO_Type = %s AND DO_Piece = %s ORDER BY DL_Ligne",
        [do_type, piece],
    )


def transform(
    base: Base,
    do_type: int,
    piece: str,
    to_type: int,
    part: Mapping[int, Decimal] | None = None,
    **header: Any,
) -> str:
    """Move a document, or `part` of it ({cbMarq of a line: units}), to `to_type`; the new piece.

    `header` is what the new document says more. Call inside `work()`.
    """
    lines = lines_of(base, do_type, piece)
    moving = {line["cbmarq"]: line["dl_qte"] for line in lines} if part is None else dict(part)
    new = next_piece(base, to_type)
    whole = all(moving.get(line["cbmarq"], 0) == line["dl_qte"] for line in lines)
    _move_header(base, do_type, piece, to_type, new, whole=whole, more=header)
    for line in lines:
        units = moving.get(line["cbmarq"])
        if units is None or (units == 0 and not whole):
            continue
        if units != line["dl_qte"]:
            _split(base, line, units)
        _move_line(base, line, units, to_type, new)
        _move_stock(base, line, units, do_type, to_type)
    refresh_totals(base, to_type, new)
    if not whole:
        refresh_totals(base, do_type, piece)
    return new


def _move_header(
    base: Base, do_type: int, piece: str, to_type: int, new: str, *, whole: bool, more: Mapping[str, Any]
) -> None:
    now = base.local()
    values = {"DO_Type": to_type, "DO_Piece": new, "DO_Date": now.date(), "DO_Heure": hour(now), **more}
    where = "DO_Domaine = 0 AND DO_Type = %s AND DO_Piece = %s"
    if whole:
        given = ", ".join(f"{name} = %s" for name in values)
        base.run(f"UPDATE F_DOCENTETE SET {given}, cbModification = %s WHERE {where}",  # noqa: S608
                 [*values.values(), base.minute(), do_type, piece])  # fmt: skip
        return
    row = base.row(f"SELECT * FROM F_DOCENTETE WHERE {where}", [do_type, piece])  # noqa: S608
    assert row is not None
    copied = {name: value for name, value in row.items() if name not in ("cbmarq", "cbmodification")}
    copied |= {name.lower(): value for name, value in values.items()}
    base.insert("F_DOCENTETE", **copied)
    base.run(f"UPDATE F_DOCENTETE SET DO_Reliquat = 1, cbModification = %s WHERE {where}",  # noqa: S608
             [base.minute(), do_type, piece])  # fmt: skip


def _split(base: Base, line: dict[str, Any], units: Decimal) -> None:
    """The remainder becomes a line of its own under the old piece."""
    rest = {name: value for name, value in line.items() if name not in ("cbmarq", "cbmodification")}
    left = line["dl_qte"] - units
    ht, ttc = amounts(line["dl_puttc"], left, line["dl_taxe1"])
    rest |= {"dl_qte": left, "dl_montantht": ht, "dl_montantttc": ttc}
    base.insert("F_DOCLIGNE", **rest)


def _move_line(base: Base, line: dict[str, Any], units: Decimal, to_type: int, new: str) -> None:
    ht, ttc = amounts(line["dl_puttc"], units, line["dl_taxe1"])
    if units != line["dl_qte"]:  # the cent that a division leaves stays with the whole of the line
        rest_ttc = amounts(line["dl_puttc"], line["dl_qte"] - units, line["dl_taxe1"])[1]
        ttc = line["dl_montantttc"] - rest_ttc
    origin = {1: "DL_PieceBC", 2: "DL_PiecePL", 3: "DL_PieceBL"}[line["do_type"]]
    day = {1: "DL_DateBC", 2: "DL_DatePL", 3: "DL_DateBL"}[line["do_type"]]
    kept = {2: ", DL_QtePL = %(units)s", 3: ", DL_QteBL = %(units)s"}.get(to_type, "")
    base.run(
        f"UPDATE F_DOCLIGNE SET DO_Type = %(type)s, DO_Piece = %(new)s, {origin} = %(piece)s, {day} = DO_Date,"  # noqa: S608
        f" DO_Date = %(day)s, DL_Qte = %(units)s, DL_MontantHT = %(ht)s, DL_MontantTTC = %(ttc)s{kept},"
        " DL_MvtStock = %(moved)s, cbModification = %(now)s WHERE cbMarq = %(line)s",
        {"type": to_type, "new": new, "piece": line["do_piece"], "day": base.local().date(), "units": units, "ht": ht,
         "ttc": ttc, "moved": 3 if to_type == BL else line["dl_mvtstock"], "now": base.minute(),
         "line": line["cbmarq"]},
    )  # fmt: skip


def _move_stock(base: Base, line: dict[str, Any], units: Decimal, do_type: int, to_type: int) -> None:
    if line["dl_nonlivre"] or not units or (do_type, to_type) not in _STOCK:
        return
    change = _STOCK[do_type, to_type].format(out=_OUT)
    base.run(
        f"UPDATE F_ARTSTOCK SET {change}, cbModification = %(now)s"  # noqa: S608 - our own words
        " WHERE AR_Ref = %(article)s AND DE_No = %(depot)s",
        {"units": units, "now": base.minute(), "article": line["ar_ref"], "depot": DEPOT},
    )


def refresh_totals(base: Base, do_type: int, piece: str) -> None:
    more = ", DO_TotalTTC = t.ttc, DO_NetAPayer = t.ttc" if base.has_external_reference else ""
    base.run(
        f"UPDATE F_DOCENTETE e SET DO_TotalHT = t.ht{more}, cbModification = %s FROM ("  # noqa: S608
        " SELECT COALESCE(sum(DL_MontantHT), 0) AS ht, COALESCE(sum(DL_MontantTTC), 0) AS ttc FROM F_DOCLIGNE"
        " WHERE DO_Domaine = 0 AND DO_Type = %s AND DO_Piece = %s) t"
        " WHERE e.DO_Domaine = 0 AND e.DO_Type = %s AND e.DO_Piece = %s",
        [base.minute(), do_type, piece, do_type, piece],
    )
