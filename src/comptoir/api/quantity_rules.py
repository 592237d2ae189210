"""Rules of quantity: what each channel shows of the stock; seen before they are kept."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import AwareDatetime, Field

from comptoir.accounts.roles import Permission
from comptoir.api.access import Key, caller, require_every_channel
from comptoir.api.bulk import BulkOut, documented, read_rows
from comptoir.api.problems import Problem
from comptoir.api.reading import Row, answer_json, to_utc
from comptoir.api.texts import Body, Id, Sentence, Units, Word
from comptoir.api.transactions import whole
from comptoir.catalog.models import Product
from comptoir.channels.models import Channel
from comptoir.inventory.models import QuantityRule
from comptoir.inventory.rules import BadRule, Draft, NoSuchRule, current_rules, told
from comptoir.offers.file_rules import apply_rules, judge_rules
from comptoir.offers.rule_cells import TEXTS
from comptoir.offers.rules import RulePreview, keep_rule, preview_rule, remove_rule

router = Router(tags=["quantity rules"])
Kind = Literal["buffer", "cover", "share", "envelope", "limit", "minimum", "always"]


class RuleOut(Schema):
    number: int
    version: int
    kind: str
    value: int
    product: str | None
    """Its SKU."""
    family: str
    channel: str | None
    """Its key; null: every channel."""
    valid_from: datetime
    valid_until: datetime | None
    in_force: bool
    note: str


class RulesOut(Schema):
    rules: list[RuleOut]


class RuleIn(Body):
    kind: Kind
    value: Annotated[Units, Field(description="Units; percent for `share` and `cover`.")]
    product: Word = ""
    family: Annotated[Sentence, Field(max_length=120)] = ""
    channel: Word = ""
    valid_from: AwareDatetime | None = None
    valid_until: AwareDatetime | None = None
    note: Annotated[Sentence, Field(max_length=120)] = ""


class RuleRowIn(Body):
    number: Annotated[int | None, Field(ge=1, le=2**63 - 1)] = None
    kind: Word = ""
    value: Units | None = None
    product: Word = ""
    family: Annotated[Sentence, Field(max_length=120)] = ""
    channel: Word = ""
    valid_from: AwareDatetime | None = None
    valid_until: AwareDatetime | None = None
    note: Annotated[Sentence, Field(max_length=120)] = ""
    remove: bool = False


_FIELDS = {"no_rule": "number", "no_value": "value", "rule_value": "value", "no_article": "product",
           "no_family": "family", "rule_scope": "family", "no_market": "channel", "no_date": "valid_from",
           "rule_validity": "valid_until", "rule_twice": "number", "several": "number"}  # fmt: skip


class QuantityChangeOut(Schema):
    sku: str
    channel: str
    before: int
    after: int


class RulePreviewOut(Schema):
    products: int
    looked_at: int
    """Of these, for how many it was computed: the first ones."""
    changed: int
    changes: list[QuantityChangeOut]


@router.get(
    "", response=RulesOut, auth=Key(Permission.SEE), summary="Rules of quantity that count now or will"
)
def list_rules(request: HttpRequest) -> HttpResponse:
    key = caller(request)
    rules = [rule for rule in current_rules() if rule.channel is None or key.sees(rule.channel.key)]
    return answer_json({"rules": [_told(rule) for rule in rules]})


@router.post(
    "/preview", response=RulePreviewOut, auth=Key(Permission.CHANGE_OFFERS),
    summary="What a rule would change; nothing is written",
)  # fmt: skip
def preview(request: HttpRequest, rule: RuleIn) -> HttpResponse:
    draft = _draft(request, rule)
    try:
        return answer_json(_seen(preview_rule(draft, sees=caller(request).sees)))
    except BadRule as error:
        raise Problem(422, "invalid", f"This rule cannot be: {error}.") from error


@router.post("", response=RuleOut, auth=Key(Permission.CHANGE_OFFERS), summary="Keep a new rule")
@whole
def create_rule(request: HttpRequest, rule: RuleIn) -> HttpResponse:
    return _keep(request, rule, None)


@router.post(
    "/bulk", response=BulkOut, auth=Key(Permission.CHANGE_OFFERS), openapi_extra=documented(RuleRowIn),
    summary="Make, change and remove rules, up to 10,000 in one call",
)  # fmt: skip
@whole
def write_many(request: HttpRequest, partial: bool = False) -> HttpResponse:
    """As a file of rules is read: with a number a row changes that rule; without, it makes one, or changes the only
    one of its kind for exactly the same articles and channel that has no dates."""
    require_every_channel(request)
    rows = read_rows(request, RuleRowIn)
    changes, faults, unchanged = judge_rules((place, _cells(row)) for place, row in sorted(rows.good.items()))
    for place, code, detail in faults:
        rows.refuse(place, _FIELDS.get(code, "kind"), TEXTS[code] % detail)
    rows.settle(partial=partial)
    for place, code, detail in apply_rules(changes, actor=str(caller(request))):
        rows.refuse(place, "number", TEXTS[code] % detail)
    told = {
        "received": rows.received,
        "changed": len(changes),
        "unchanged": unchanged,
        "refused": rows.told(),
    }
    return answer_json(told)


@router.put(
    "/{number}", response=RuleOut, auth=Key(Permission.CHANGE_OFFERS), summary="A new version of a rule"
)
@whole
def change_rule(request: HttpRequest, number: Id, rule: RuleIn) -> HttpResponse:
    _written(request, number)
    return _keep(request, rule, number)


@router.delete("/{number}", response=RuleOut, auth=Key(Permission.CHANGE_OFFERS), summary="Remove a rule")
@whole
def delete_rule(request: HttpRequest, number: Id) -> HttpResponse:
    rule = _written(request, number)
    remove_rule(number, actor=str(caller(request)))
    return answer_json(_told(rule) | {"in_force": False})


def _keep(request: HttpRequest, rule: RuleIn, number: int | None) -> HttpResponse:
    draft = _draft(request, rule)
    try:
        return answer_json(_told(keep_rule(draft, number=number, actor=str(caller(request)))))
    except BadRule as error:
        raise Problem(422, "invalid", f"This rule cannot be: {error}.") from error
    except NoSuchRule as error:
        raise Problem(404, "not_found", "Nothing has this name.") from error


def _draft(request: HttpRequest, rule: RuleIn) -> Draft:
    key = caller(request)
    if key.channels and not (rule.channel and key.sees(rule.channel)):
        raise Problem(403, "forbidden", "This key is narrowed to some channels; this rule concerns others.")
    product = Product.objects.filter(sku=rule.product).first() if rule.product else None
    channel = Channel.objects.filter(key=rule.channel).first() if rule.channel else None
    if (rule.product and product is None) or (rule.channel and channel is None):
        raise Problem(422, "invalid", "No product has this SKU, or no channel this key.")
    begins, ends = (None if at is None else to_utc(at) for at in (rule.valid_from, rule.valid_until))
    return Draft(rule.kind, rule.value, product, rule.family, channel, begins, ends, rule.note)


def _written(request: HttpRequest, number: int) -> QuantityRule:
    """A rule that the key may change: of a channel that it sees, or of all of them where it is not narrowed."""
    key = caller(request)
    found = (
        QuantityRule.objects.filter(number=number, ended_at=None).select_related("product", "channel").first()
    )
    hidden = found is not None and (
        bool(key.channels) if found.channel is None else not key.sees(found.channel.key)
    )
    if found is None or hidden:
        raise Problem(404, "not_found", "Nothing has this name.")
    return found


def _told(rule: QuantityRule) -> Row:
    return {**told(rule), "number": rule.number, "in_force": rule.in_force}


def _cells(row: RuleRowIn) -> dict[str, str]:
    told = {"kind": row.kind, "value": row.value, "sku": row.product, "family": row.family, "channel": row.channel,
            "note": row.note, "number": row.number, "remove": "yes" if row.remove else ""}  # fmt: skip
    dates = {"valid_from": row.valid_from, "valid_until": row.valid_until}
    told |= {name: None if at is None else to_utc(at).isoformat() for name, at in dates.items()}
    return {name: "" if value is None else str(value) for name, value in told.items()}


def _seen(preview: RulePreview) -> Row:
    changes = [
        {"sku": change.sku, "channel": change.channel, "before": change.before, "after": change.after}
        for change in preview.changes
    ]
    return {"products": preview.products, "looked_at": preview.looked_at, "changed": preview.changed,
            "changes": changes}  # fmt: skip
