"""Document numbers: the counter of the kind, past the pieces that are taken already."""

from __future__ import annotations

from bazaar.sage.base import Base

_COLUMN = {1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 12: 2, 13: 3}  # DO_Type: DC_IdCol


def next_piece(base: Base, do_type: int) -> str:
    """The next free DO_Piece of that DO_Type."""
    domain = 1 if do_type >= 10 else 0
    where = "DC_Domaine = %s AND DC_IdCol = %s AND DC_Souche = 0"
    key = [domain, _COLUMN[do_type]]
    counter = base.row(f"SELECT DC_Piece FROM F_DOCCURRENTPIECE WHERE {where} FOR UPDATE", key)  # noqa: S608
    assert counter is not None
    piece = str(counter["dc_piece"])
    while True:
        piece = _following(piece)
        taken = base.row(
            "SELECT 1 AS taken FROM F_DOCENTETE WHERE DO_Domaine = %s AND DO_Type = %s AND DO_Piece = %s"
            " UNION SELECT 1 FROM F_DOCLIGNE WHERE DO_Domaine = %s AND %s = 1 AND DL_PieceBC = %s",
            [domain, do_type, piece, domain, do_type, piece],
        )
        if not taken:
            break
    base.run(f"UPDATE F_DOCCURRENTPIECE SET DC_Piece = %s WHERE {where}", [piece, *key])  # noqa: S608
    return piece


def _following(piece: str) -> str:
    letters = piece.rstrip("0123456789")
    return f"{letters}{int(piece[len(letters) :]) + 1:0{len(piece) - len(letters)}d}"
