"""The cells of a file of rules of quantity: what they may say, and a rule as they say it. Nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation

from comptoir.catalog.models import Product
from comptoir.channels.models import Channel
from comptoir.core.folding import fold
from comptoir.core.sheets import WrongLine
from comptoir.inventory.models import QuantityRule
from comptoir.inventory.rules import LARGEST, BadRule, Draft, check_draft, current_rules
from comptoir.sdk.connector import Role
from comptoir.sdk.i18n import N_

Kind = QuantityRule.Kind
COLUMNS = {
    "number": {"rule", "regle", "number", "numero"},
    "kind": {"what the rule does", "effet de la regle", "ce que fait la regle", "kind", "effet", "type"},
    "value": {
        "units, or percent",
        "unites, ou pour cent",
        "unites ou pour cent",
        "unites, ou pourcentage",
        "unites ou pourcentage",
        "value",
        "valeur",
    },
    "sku": {"sku", "reference", "reference (sku)", "article"},
    "family": {"family", "famille"},
    "channel": {"channel", "canal", "marketplace", "place de marche"},
    "valid_from": {"from", "du", "depuis", "a partir de"},
    "valid_until": {"until", "au", "jusqu'a", "jusqu’au", "jusqu'au", "jusqu’a"},
    "note": {"note", "remarque"},
    "remove": {"remove", "supprimer", "retirer"},
}
TITLES = (N_("Rule"), N_("What the rule does"), N_("Units, or percent"), N_("SKU"), N_("Family"), N_("Channel"),
          N_("From"), N_("Until"), N_("Note"), N_("Remove"))  # fmt: skip
TEXTS = {
    "no_rule": N_("no rule has the number %(text)s"),
    "no_kind": N_("%(text)s is no kind of rule"),
    "no_value": N_("%(text)s is no number of units or percent"),
    "no_article": N_("no product has the SKU %(sku)s"),
    "no_family": N_("no article is of the family %(text)s"),
    "no_market": N_("no channel is called %(name)s"),
    "no_date": N_("%(text)s is no date: 2026-12-31 or 31/12/2026, with an hour or without"),
    "rule_value": N_("a value between 0 and %(most)s is needed"),
    "rule_scope": N_("an article or a family, not both"),
    "rule_validity": N_("it would end before it begins"),
    "rule_kind": N_("%(text)s is no kind of rule"),
    "several": N_("several rules are like that: give the number of one"),
    "rule_twice": N_("the same rule as line %(n)s"),
    "rule_moved": N_("somebody changed it meanwhile"),
}
KIND_LANGUAGES = ("en", "fr")
YES = {"yes", "oui", "x", "true", "1", "remove", "supprimer"}


@dataclass(frozen=True)
class Known:
    """What lines may name, read once."""

    kinds: dict[str, str]
    products: dict[str, Product]
    families: set[str]
    channels: dict[str, Channel]
    rules: dict[int, QuantityRule]


def draft_of(told: dict[str, Any], known: Known, *, began: QuantityRule | None = None) -> Draft:
    kind = known.kinds.get(fold(str(told["kind"])))
    if kind is None:
        raise WrongLine("no_kind", text=str(told["kind"])[:30] or "–")
    sku, family, channel = (str(told[name] or "").strip() for name in ("product", "family", "channel"))
    if sku and sku not in known.products:
        raise WrongLine("no_article", sku=sku[:80])
    if family and family not in known.families:
        raise WrongLine("no_family", text=family[:60])
    if channel and fold(channel) not in known.channels:
        raise WrongLine("no_market", name=channel[:60])
    begins, ends = _instant(told["valid_from"]), _instant(told["valid_until"])
    if began is not None:
        begins = _as_it_was(begins, began.valid_from) or began.valid_from
        ends = _as_it_was(ends, began.valid_until)
    draft = Draft(kind, _value(told["value"]), known.products.get(sku), family, known.channels.get(fold(channel)),
                  begins, ends, str(told["note"] or "")[:120])  # fmt: skip
    try:
        check_draft(draft, began)
    except BadRule as bad:
        raise WrongLine(f"rule_{bad.code}", most=LARGEST, text=kind) from bad
    return draft


def _value(text: Any) -> int:
    plain = (
        str(text).replace("\u00a0", "").replace("\u202f", "").replace(" ", "").rstrip("%").removesuffix(".0")
    )
    if not (plain.isascii() and plain.isdigit() and len(plain) < 10):
        raise WrongLine("no_value", text=str(text)[:30] or "–")
    return int(plain)


def _instant(text: Any) -> datetime | None:
    """By the merchant's clock: « 2026-12-31 », « 2026-12-31 18:00 », « 31/12/2026 18:00 »."""
    plain = str(text or "").strip()
    if not plain:
        return None
    for shape in (None, "%d/%m/%Y", "%d/%m/%Y %H:%M"):
        try:
            found = datetime.fromisoformat(plain) if shape is None else datetime.strptime(plain, shape)  # noqa: DTZ007
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=_zone())
    raise WrongLine("no_date", text=plain[:30])


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE_OF_MERCHANT)


def _as_it_was(told: datetime | None, was: datetime | None) -> datetime | None:
    """A file says minutes: the seconds of an instant that it leaves alone are kept."""
    same = told is not None and was is not None and told == was.replace(second=0, microsecond=0)
    return was if same else told


def as_draft(rule: QuantityRule) -> Draft:
    return Draft(rule.kind, rule.value, rule.product, rule.family, rule.channel, rule.valid_from, rule.valid_until,
                 rule.note)  # fmt: skip


def told_of(draft: Draft) -> dict[str, Any]:
    begins, ends = (
        "" if at is None else f"{at.astimezone(_zone()):%Y-%m-%d %H:%M}"
        for at in (draft.valid_from, draft.valid_until)
    )
    return {
        "kind": str(draft.kind), "value": draft.value, "product": "" if draft.product is None else draft.product.sku,
        "family": draft.family, "channel": "" if draft.channel is None else draft.channel.key,
        "valid_from": begins, "valid_until": ends, "note": draft.note,
    }  # fmt: skip


def scope_of(draft: Draft | None) -> object:
    if draft is None:
        return None
    return (str(draft.kind), draft.product and draft.product.pk, draft.family, draft.channel and draft.channel.pk,
            draft.valid_until)  # fmt: skip


def about(draft: Draft) -> str:
    what = draft.product.sku if draft.product else draft.family or "*"
    return f"{draft.kind} · {what} · {draft.channel.key if draft.channel else '*'}"


def read_known(skus: set[str]) -> Known:
    kinds = {str(kind.value): str(kind.value) for kind in Kind}
    for language in KIND_LANGUAGES:
        with translation.override(language):
            kinds |= {fold(str(kind.label)): str(kind.value) for kind in Kind}
    markets = Channel.objects.filter(role=Role.MARKETPLACE)
    return Known(
        kinds, {product.sku: product for product in Product.objects.filter(sku__in=skus - {""})},
        set(Product.objects.exclude(family="").values_list("family", flat=True).distinct()),
        {fold(word): channel for channel in markets for word in (channel.name, channel.key)},
        {rule.number: rule for rule in current_rules() if rule.number is not None},
    )  # fmt: skip
