"""A file of products: what it would change is shown first, then kept, and can be taken back.

A column that the file has not, and a cell that is empty, leave what is there. New articles are made; taken back,
they are no longer active, for orders may already name them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from comptoir.catalog.models import Product
from comptoir.catalog.services import MAX_SKU
from comptoir.core import clock
from comptoir.core.sheets import Row, WrongLine
from comptoir.journal import models as journal
from comptoir.journal.audit import new_change
from comptoir.sdk.i18n import N_
from comptoir.sdk.money import parse_amount

COLUMNS = {
    "sku": {"sku", "reference", "reference (sku)", "article"},
    "title": {"title", "titre", "designation", "label", "libelle", "name", "nom"},
    "brand": {"brand", "marque"},
    "family": {"family", "famille", "category", "categorie"},
    "list_price": {"list price", "list_price", "prix public", "prix conseille"},
    "vat_rate": {"vat rate", "vat_rate", "vat", "tva", "taux de tva"},
    "weight_g": {"weight", "weight_g", "weight (g)", "poids", "poids (g)"},
    "active": {"active", "actif"},
}
TITLES = (N_("SKU"), N_("Title"), N_("Brand"), N_("Family"), N_("List price"), N_("VAT rate"), N_("Weight (g)"),
          N_("Active"))  # fmt: skip
TEXTS = {
    "no_sku": N_("it names no SKU, or one of more than 80 characters"),
    "no_title": N_("%(sku)s is new: a new article needs a title"),
    "too_long": N_("“%(text)s…” is too long"),
    "no_amount": N_("%(text)s is no amount in euros and cents"),
    "no_rate": N_("%(text)s is no VAT rate, in percent"),
    "no_weight": N_("%(text)s is no weight in grams"),
    "no_active": N_("%(text)s is neither yes nor no"),
    "twice": N_("the same article as line %(n)s"),
    "nothing": N_("nothing is asked: every column but the SKU is empty"),
    "changed": N_("%(sku)s was changed by somebody else since: it stays as it is"),
}
LENGTHS = {"title": 300, "brand": 120, "family": 120}
YES, NO = {"yes", "oui", "true", "vrai", "1", "x"}, {"no", "non", "false", "faux", "0"}
FIELDS = ("title", "brand", "family", "list_price", "vat_rate", "weight_g", "active")
Change = dict[str, Any]
Fault = tuple[int, str, dict[str, Any]]


def judge_products(rows: Iterable[tuple[int, Row]]) -> tuple[list[Change], list[Fault], int]:
    """(what would change: line, sku, before (None: a new article), after; what is wrong; lines without change)."""
    told = list(rows)
    skus = {row.get("sku", "") for _, row in told}
    known = {one.sku: _facts(one) for one in Product.objects.filter(sku__in=skus)}
    changes, faults, same, seen = [], [], 0, dict[str, int]()
    for number, row in told:
        try:
            sku = row.get("sku", "")
            if not 0 < len(sku) <= MAX_SKU:
                raise WrongLine("no_sku")
            wanted = _wanted(row)
            if not wanted:
                raise WrongLine("nothing")
            if (first := seen.setdefault(sku, number)) != number:
                raise WrongLine("twice", n=first)
            before = known.get(sku)
            if before is None and not wanted.get("title"):
                raise WrongLine("no_title", sku=sku)
        except WrongLine as wrong:
            faults.append((number, wrong.code, wrong.detail))
            continue
        news = wanted if before is None else {k: v for k, v in wanted.items() if before[k] != v}
        if news:
            old = None if before is None else {name: before[name] for name in news}
            changes.append({"line": number, "sku": sku, "before": old, "after": news})
        else:
            same += 1
    return changes, faults, same


def apply_products(changes: Sequence[Change], *, actor: str) -> tuple[list[int], list[Fault]]:
    """(products changed, lines that could not be). Inside a transaction."""
    locked = Product.objects.select_for_update(no_key=True).order_by("sku")
    known = {one.sku: one for one in locked.filter(sku__in=[c["sku"] for c in changes])}
    now, made, kept, faults = clock.now(), [], [], []
    for change in changes:
        product = known.get(change["sku"])
        old = None if product is None else {name: _facts(product)[name] for name in change["before"] or {}}
        if old != change["before"]:
            faults.append((change["line"], "changed", {"sku": change["sku"]}))
        elif product is None:
            made.append(_set(Product(sku=change["sku"], created_at=now, updated_at=now), change["after"]))
        else:
            kept.append(_set(product, change["after"] | {"updated_at": now}))
    Product.objects.bulk_create(made)
    Product.objects.bulk_update(kept, [*FIELDS, "updated_at"], batch_size=500)
    refused = {line for line, _, _ in faults}
    journal.Change.objects.bulk_create(
        new_change(actor=actor, action="product.changed", subject_kind="product", subject=one["sku"],
                   before=one["before"] or {}, after=one["after"])
        for one in changes if one["line"] not in refused
    )  # fmt: skip
    return [one.pk for one in (*made, *kept)], faults


def take_back(changes: Sequence[Change], *, actor: str) -> list[int]:
    """What nobody changed since is as it was before; the products. Inside a transaction."""
    locked = Product.objects.select_for_update(no_key=True).order_by("sku")
    back, told, by_sku = [], [], {change["sku"]: change for change in changes}
    for product in locked.filter(sku__in=by_sku):
        change, facts = by_sku[product.sku], _facts(product)
        before = {"active": False} if change["before"] is None else change["before"]
        ours = {n: v for n, v in before.items() if n not in change["after"] or facts[n] == change["after"][n]}
        if ours:
            back.append(_set(product, ours | {"updated_at": clock.now()}))
            told.append(new_change(actor=actor, action="product.taken_back", subject_kind="product",
                                   subject=product.sku, before={n: facts[n] for n in ours}, after=ours))  # fmt: skip
    journal.Change.objects.bulk_create(told)
    Product.objects.bulk_update(back, [*FIELDS, "updated_at"], batch_size=500)
    return [one.pk for one in back]


def product_rows() -> Iterator[list[Any]]:
    """The catalogue as a file of products, its titles first: read again, it changes nothing."""
    yield [gettext(title) for title in TITLES]
    for one in Product.objects.order_by("sku").iterator(chunk_size=2000):
        facts = _facts(one)
        yield [one.sku, *(facts[name] if facts[name] is not None else "" for name in FIELDS[:-1]),
               gettext("yes") if one.active else gettext("no")]  # fmt: skip


def _facts(product: Product) -> dict[str, Any]:
    """As JSON has them: amounts as text."""
    facts = {name: getattr(product, name) for name in FIELDS}
    return facts | {
        name: None if facts[name] is None else f"{Decimal(facts[name]):.2f}"
        for name in ("list_price", "vat_rate")
    }


def _set(product: Product, facts: dict[str, Any]) -> Product:
    for name, value in facts.items():
        setattr(
            product,
            name,
            Decimal(value) if name in ("list_price", "vat_rate") and value is not None else value,
        )
    return product


def _wanted(row: Row) -> dict[str, Any]:
    return {name: _value(name, text) for name in FIELDS if (text := row.get(name, ""))}


def _value(name: str, text: str) -> Any:
    if name in LENGTHS:
        if len(text) > LENGTHS[name]:
            raise WrongLine("too_long", text=text[:30])
        return text
    if name == "active":
        if text.lower() not in YES | NO:
            raise WrongLine("no_active", text=text[:30])
        return text.lower() in YES
    try:
        amount = parse_amount(text.replace("€", "").replace("%", ""))
    except ValueError:
        amount = None
    if name == "weight_g":
        if amount is None or amount != int(amount) or not 0 <= amount < 10**9:
            raise WrongLine("no_weight", text=text[:30])
        return int(amount)
    most, code = (100, "no_rate") if name == "vat_rate" else (10_000_000, "no_amount")
    if amount is None or not 0 <= amount <= most or round(amount, 2) != amount:
        raise WrongLine(code, text=text[:30])
    return f"{amount:.2f}"
