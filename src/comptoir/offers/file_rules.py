"""A file of rules of quantity: judged line by line, kept in one transaction, taken back as one.

A line with the number of a rule changes it, one without makes one, or changes the only one of its kind for exactly the
same articles and channel that has no dates. « Remove » ends a rule. What the file does not name stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext

from comptoir.core.folding import fold
from comptoir.core.sheets import Row, WrongLine
from comptoir.inventory.models import QuantityRule
from comptoir.inventory.rules import Draft, Wanted, current_rules
from comptoir.offers.rule_cells import (
    COLUMNS,
    TITLES,
    YES,
    Known,
    about,
    as_draft,
    draft_of,
    read_known,
    scope_of,
    told_of,
)
from comptoir.offers.rules import RulePreview, Sees, keep_rules, preview_rules

Change = dict[str, Any]
Fault = tuple[int, str, dict[str, Any]]


def judge_rules(rows: Iterable[tuple[int, Row]]) -> tuple[list[Change], list[Fault], int]:
    """(what would change: line, number, before, after; what is wrong; lines that change nothing)."""
    lines = list(rows)
    known = read_known({row.get("sku", "") for _, row in lines})
    changes, faults, same, seen = [], [], 0, dict[object, int]()
    for line, row in lines:
        try:
            rule, draft = _read(row, known)
            named = rule.number if rule is not None else draft and (scope_of(draft), draft.valid_from)
            if (first := seen.setdefault(named, line)) != line:
                raise WrongLine("rule_twice", n=first)
        except WrongLine as wrong:
            faults.append((line, wrong.code, wrong.detail))
            continue
        before = None if rule is None else told_of(as_draft(rule))
        after = {"removed": True} if draft is None else told_of(draft)
        if before == after:
            same += 1
            continue
        shown = draft or (None if rule is None else as_draft(rule))
        changes.append(
            {"line": line, "sku": (before or after).get("product", ""), "about": "" if shown is None else about(shown),
             "rule": None if rule is None else rule.number, "version": None if rule is None else rule.version,
             "before": before, "after": after}
        )  # fmt: skip
    return changes, faults, same


def apply_rules(changes: Sequence[Change], *, actor: str) -> list[Fault]:
    """Each change that still can be is kept and notes the version it `made`; the lines of the others. Inside a
    transaction."""
    going, faults = _still_possible(changes)
    done = keep_rules([wanted for _, wanted in going], actor=actor)
    for (change, _), (made, _before) in zip(going, done, strict=True):
        change["made"] = None if made is None else made.pk
        change["number"] = change["rule"] if made is None else made.number
    return faults


def take_back(changes: Sequence[Change], *, actor: str) -> None:
    """What stands as the file made it becomes what it was; a rule that it removed is made again, under a new number."""
    now = {rule.number: rule for rule in current_rules()}
    known = read_known({str((one["before"] or {}).get("product", "")) for one in changes})
    back = []
    for change in changes:
        number, before = change.get("number"), change["before"]
        rule = now.get(number) if number is not None else None
        if change.get("made") is None:
            if rule is None and before is not None:
                back.append(Wanted(None, draft_of(before, known)))
        elif rule is not None and rule.pk == change["made"]:
            back.append(Wanted(number, None if before is None else draft_of(before, known)))
    keep_rules(back, actor=actor)


def preview_changes(changes: Sequence[Change], *, sees: Sees = lambda _: True) -> RulePreview:
    """The quantities that would change."""
    going, _ = _still_possible(changes)
    return preview_rules([wanted for _, wanted in going], sees=sees)


def rule_rows() -> Iterator[list[Any]]:
    """The rules as a file, its titles first: what `judge_rules` reads again without a change."""
    yield [gettext(title) for title in TITLES]
    for rule in current_rules():
        told = told_of(as_draft(rule))
        yield [rule.number, told["kind"], told["value"], told["product"], told["family"], told["channel"],
               told["valid_from"], told["valid_until"], told["note"], ""]  # fmt: skip


def _still_possible(changes: Sequence[Change]) -> tuple[list[tuple[Change, Wanted]], list[Fault]]:
    known = read_known({str(one["after"].get("product", "")) for one in changes})
    going: list[tuple[Change, Wanted]] = []
    faults: list[Fault] = []
    for change in changes:
        rule = None if change["rule"] is None else known.rules.get(change["rule"])
        if change["rule"] is not None and (rule is None or rule.version != change["version"]):
            faults.append((change["line"], "rule_moved", {}))
            continue
        try:
            draft = None if change["after"].get("removed") else draft_of(change["after"], known, began=rule)
        except WrongLine as wrong:
            faults.append((change["line"], wrong.code, wrong.detail))
            continue
        going.append((change, Wanted(change["rule"], draft)))
    return going, faults


def _read(row: Row, known: Known) -> tuple[QuantityRule | None, Draft | None]:
    """(the rule that the line is about, what is wanted of it)."""
    number = row.get("number", "").removesuffix(".0")
    rule = known.rules.get(int(number)) if number.isascii() and number.isdigit() else None
    if number and rule is None:
        raise WrongLine("no_rule", text=number[:20])
    remove = fold(row.get("remove", "")) in YES
    if remove and rule is not None:
        return rule, None
    told = {name: row.get(name, "") for name in COLUMNS}
    draft = draft_of(told | {"product": told["sku"]}, known, began=rule)
    if rule is None:
        rule = _only_one_like(draft, known)
        if remove and rule is None:
            raise WrongLine("no_rule", text=row.get("kind", "")[:20] or "–")
        if rule is not None:
            draft = replace(
                draft, valid_from=draft.valid_from or rule.valid_from, note=draft.note or rule.note
            )
    return rule, None if remove else draft


def _only_one_like(draft: Draft, known: Known) -> QuantityRule | None:
    """A line without a number or dates is about the rule that stands for exactly that, where there is one."""
    if draft.valid_from is not None or draft.valid_until is not None:
        return None
    like = [rule for rule in known.rules.values() if scope_of(as_draft(rule)) == scope_of(draft)]
    if len(like) > 1:
        raise WrongLine("several")
    return like[0] if like else None
