"""« Why this number? » in words: `offers.explain` has the answer, this has its sentences."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext

from comptoir.offers.explain import Explanation, RuleCut
from comptoir.offers.facts import Facts, Part
from comptoir.offers.publication import Stop
from comptoir.sdk.i18n import N_
from comptoir.web.formats import format_number


@dataclass(frozen=True)
class Step:
    words: str
    change: int | None
    """What it adds or takes off; None for a step that sets the number."""
    result: int
    rule: int | None = None
    """The number of the rule behind it."""
    detail: str = ""


_RULES = {
    "buffer": N_("%(n)s units are kept back"),
    "cover": N_("%(n)s units are kept back: they may sell elsewhere meanwhile"),
    "share": N_("%(n)s % of the stock is for this channel"),
    "envelope": N_("%(n)s units are left of the channel's envelope"),
    "limit": N_("%(n)s units are shown at most"),
    "minimum": N_("Under %(n)s units the channel shows none"),
    "always": N_("%(n)s units are always available, whatever the stock"),
}
_STOPS = {
    Stop.PAUSED: N_("The offer is paused"),
    Stop.INACTIVE: N_("The product is not active any more"),
    Stop.NOT_PUBLISHED: N_("Nothing is published on this channel (its rules)"),
    Stop.THEIRS: N_("The channel sells it from its own stock, apart from ours"),
    Stop.UNCOUNTED: N_("Nobody has counted it yet: it keeps what the channel shows"),
}


def tell_steps(told: Explanation, channel: str) -> list[Step]:
    """The last step's result is what the offer should show; `channel` is its name."""
    steps = _shelves(told.facts.parts[0]) if _is_plain(told.facts) else _kit(told.facts)
    steps += [_rule(cut, channel) for cut in told.cuts]
    if told.stop is not Stop.NONE:
        number = told.quantity if told.stop in (Stop.UNCOUNTED, Stop.THEIRS) else 0
        steps.append(Step(gettext(_STOPS[told.stop]), None, number))
    if told.few:
        steps.append(Step(_last_units(told), None, told.quantity, detail=_others(told)))
    return steps


def _is_plain(facts: Facts) -> bool:
    return len(facts.parts) == 1 and facts.parts[0].each == 1


def _rule(cut: RuleCut, channel: str) -> Step:
    # The percent sign of the share is no place for a value.
    words = gettext(_RULES[cut.kind]).replace("%(n)s", format_number(cut.value))
    detail = gettext("%(channel)s's own settings") % {"channel": channel}
    if cut.rule is not None:
        detail = gettext("rule %(number)s, version %(version)s: %(scope)s") % {
            "number": cut.rule.number, "version": cut.rule.version, "scope": scope_of(cut)}  # fmt: skip
    number = None if cut.rule is None or cut.rule.ended_at is not None else cut.rule.number
    taken = cut.after - cut.before if cut.kind in ("buffer", "cover") else None
    return Step(words, taken, cut.after, number, detail)


def scope_of(cut: RuleCut) -> str:
    rule = cut.rule
    if rule is None:
        return ""
    what = rule.product.sku if rule.product else rule.family or gettext("all articles")
    return f"{what} · {rule.channel.name if rule.channel else gettext('all channels')}"


def _last_units(told: Explanation) -> str:
    words = gettext("Last units, shared between the channels: together they may still sell %(n)s at most")
    if told.at_stake is None:
        return gettext("Last units, shared between the channels")
    return words % {"n": format_number(told.at_stake)}


def _others(told: Explanation) -> str:
    return ", ".join(f"{name} {format_number(units)}" for name, units in told.others)


def _shelves(part: Part) -> list[Step]:
    steps, number = [], 0
    for shelf in part.shelves:
        if not shelf.sellable:
            words = gettext("%(place)s: %(n)s units, not for sale")
            told = words % {"place": shelf.name, "n": format_number(shelf.on_hand)}
            steps.append(Step(told, 0, number))
            continue
        number += shelf.on_hand
        steps.append(Step(gettext("%(place)s: on hand") % {"place": shelf.name}, shelf.on_hand, number))
        if shelf.reserved:
            number -= shelf.reserved
            words = gettext("%(place)s: promised to orders") % {"place": shelf.name}
            steps.append(Step(words, -shelf.reserved, number))
    if number < 0:
        steps.append(Step(gettext("More is promised than there is: nothing is left to sell"), None, 0))
    return steps


def _kit(facts: Facts) -> list[Step]:
    steps = [
        Step(
            gettext("%(sku)s: %(n)s available, %(each)s in each kit") % {
                "sku": part.sku, "n": format_number(part.available), "each": part.each},
            None, part.whole,
        )
        for part in sorted(facts.parts, key=lambda one: -one.whole)
    ]  # fmt: skip
    if steps:
        steps.append(Step(gettext("The fewest whole kits that these make"), None, facts.available))
    return steps
