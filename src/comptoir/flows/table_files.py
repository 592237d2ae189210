"""a file of counts, of products or of rules ──judged──▶ preview ──applied──▶ what is there and published ──▶ taken back

Nothing is changed before somebody has seen what would be. Whatever a line is, it stops no other.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction

from comptoir.catalog import file_products
from comptoir.core import clock, sheets
from comptoir.flows.models import TableFile
from comptoir.inventory import file_counts
from comptoir.journal.audit import record_change
from comptoir.offers import file_rules, rule_cells
from comptoir.offers.desired import recompute_desired

Kind, State = TableFile.Kind, TableFile.State
TEXTS = file_products.TEXTS | file_counts.TEXTS | rule_cells.TEXTS
_COLUMNS = {
    Kind.STOCK: file_counts.COLUMNS,
    Kind.PRODUCTS: file_products.COLUMNS,
    Kind.RULES: rule_cells.COLUMNS,
}
_JUDGES = {
    Kind.STOCK: file_counts.judge_counts,
    Kind.PRODUCTS: file_products.judge_products,
    Kind.RULES: file_rules.judge_rules,
}
_ROWS = {
    Kind.STOCK: file_counts.count_rows,
    Kind.PRODUCTS: file_products.product_rows,
    Kind.RULES: file_rules.rule_rows,
}
FORMS = {"csv": sheets.write_csv, "xlsx": sheets.write_workbook}


class NotNow(ValueError):  # noqa: N818
    """It was applied, taken back or dropped already."""


def read_file(kind: str, name: str, content: bytes, *, actor: str) -> TableFile:
    """Judged, and nothing changed. Raises sheets.UnreadableFile."""
    what = Kind(kind)
    changes, faults, unchanged = _JUDGES[what](sheets.read_table(name, content, _COLUMNS[what]))
    return TableFile.objects.create(
        kind=what, state=State.READ, name=name[:200], content=b"", changes=changes, faults=faults,
        unchanged=unchanged, actor=actor, created_at=clock.now(),
    )  # fmt: skip


@transaction.atomic
def apply_file(file_id: int, *, actor: str) -> TableFile:
    """What its preview showed. Lines that cannot be any more become faults. Raises NotNow."""
    file = _locked(file_id, State.READ)
    if file.kind == Kind.RULES:
        # What they make of quantities is computed there.
        moved, faults = list[int](), file_rules.apply_rules(file.changes, actor=actor)
    elif file.kind == Kind.STOCK:
        moved, faults = file_counts.apply_counts(
            file.changes, as_of=file.created_at, reference=_reference(file), actor=actor
        )
    else:
        moved, faults = file_products.apply_products(file.changes, actor=actor)
    recompute_desired(moved)
    left = {line for line, _, _ in faults}
    file.changes = [change for change in file.changes if change["line"] not in left]
    file.faults = sorted([*file.faults, *map(list, faults)])
    file.state, file.applied, file.closed_at = State.APPLIED, len(file.changes), clock.now()
    file.save()
    _tell(file, "applied", actor)
    return file


@transaction.atomic
def undo_file(file_id: int, *, actor: str) -> TableFile:
    """As it was before, but for what moved or was changed since. Raises NotNow."""
    file = _locked(file_id, State.APPLIED)
    if file.kind == Kind.RULES:
        back = []
        file_rules.take_back(file.changes, actor=actor)
    elif file.kind == Kind.STOCK:
        back = file_counts.take_back(file.changes, reference=_reference(file), actor=actor)
    else:
        back = file_products.take_back(file.changes, actor=actor)
    recompute_desired(back)
    file.state, file.closed_at = State.UNDONE, clock.now()
    file.save(update_fields=["state", "closed_at"])
    _tell(file, "undone", actor)
    return file


@transaction.atomic
def drop_file(file_id: int) -> TableFile:
    """Its preview is no longer wanted. Raises NotNow."""
    file = _locked(file_id, State.READ)
    file.state, file.closed_at = State.DROPPED, clock.now()
    file.save(update_fields=["state", "closed_at"])
    return file


def table_of(kind: str, form: str) -> bytes:
    """What there is now. `form`: csv or xlsx."""
    return FORMS[form](_ROWS[Kind(kind)]())


def export_file(kind: str, form: str, *, actor: str) -> TableFile:
    """What there is now, in the shape in which it is read again; kept to be downloaded. `form`: csv or xlsx."""
    what, now = Kind(kind), clock.now()
    content = table_of(kind, form)
    return TableFile.objects.create(
        kind=what, state=State.READY, name=f"{what.value}-{now:%Y%m%d-%H%M%S}.{form}", content=content,
        actor=actor, created_at=now, closed_at=now,
    )  # fmt: skip


def told_faults(file: TableFile, translate: Any = str) -> Iterator[tuple[int, str]]:
    """(line, words); `translate`: gettext, for a reader."""
    for line, code, detail in file.faults:
        yield line, translate(TEXTS[code]) % detail


def _locked(file_id: int, state: str) -> TableFile:
    file = TableFile.objects.select_for_update().get(pk=file_id)
    if file.state != state:
        raise NotNow(file.state)
    return file


def _reference(file: TableFile) -> str:
    return f"file {file.pk}: {file.name}"[:120]


def _tell(file: TableFile, what: str, actor: str) -> None:
    record_change(actor=actor, action=f"file.{what}", subject_kind="file", subject=str(file.pk),
                  after={"name": file.name, "kind": file.kind, "lines": len(file.changes)})  # fmt: skip
