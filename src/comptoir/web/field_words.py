"""What the fields of previews and of the audit are called."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext

from comptoir.flows.connect import connector_types
from comptoir.sdk.i18n import N_

FIELDS = {
    "accept": N_("Accepted"), "accepted": N_("Units accepted"), "accounts": N_("Accounts"), "act": N_("Act"),
    "action": N_("What the rule does"), "active": N_("Active"), "address": N_("Address"), "amount": N_("Amount"),
    "as_of": N_("Counted at"), "auto_accept": N_("Accept orders by itself when every unit is in stock"),
    "automatic": N_("Refunds by itself"), "barcodes": N_("Barcodes (EAN)"), "brand": N_("Brand"),
    "changed": N_("Articles changed"), "channel": N_("Channel"), "channels": N_("Channels"),
    "closed_again": N_("Closed again"), "closures": N_("Closed periods"),
    "commission_vat": N_("VAT of commissions"), "country": N_("Public holidays of"),
    "credit_note": N_("Credit note"), "cutoff": N_("Cut-off hour"), "days": N_("Working days"),
    "decision": N_("Decision"), "email": N_("E-mail address for buyers"), "emails": N_("E-mail addresses"),
    "errors": N_("Errors"), "event": N_("Event"), "family": N_("Family"), "file": N_("File"),
    "filters": N_("Filters"), "floor": N_("Floor price"), "followed_by": N_("Followed by the key"),
    "foreign_price": N_("A price that somebody else wrote on the channel"), "from": N_("From"),
    "held": N_("On hold"), "in_closure": N_("While it is closed"), "incoming": N_("Incoming"),
    "intervals": N_("Rhythm of its flows, in seconds"), "journal": N_("Journal"),
    "kept_days": N_("Days kept"), "kind": N_("Kind"), "kinds": N_("Events"), "last": N_("Last price taken"),
    "lead_time": N_("Days to prepare"), "lead_time_count": N_("Days that the channel counts in a preparation time"),
    "legal": N_("Legal mentions"), "let_pass": N_("Prices that move too far let pass"), "lines": N_("Lines"),
    "list_price": N_("List price"), "name": N_("Name"), "note": N_("Note"), "number": N_("Number"),
    "offers": N_("Offers"), "on_hand": N_("On hand"), "owner": N_("Owner"), "parts": N_("Made of"),
    "paused": N_("Paused"), "phone": N_("Telephone for buyers"), "price": N_("Price"),
    "price_drop_tolerance": N_("Price fall left to the rule, in percent"),
    "price_step_amount": N_("Most that a price may move in one go, as an amount"),
    "price_step_down": N_("Most that a price may fall in one go, in percent"),
    "price_step_up": N_("Most that a price may rise in one go, in percent"),
    "prices_stopped": N_("Prices stopped"), "prices_without_tax": N_("This channel takes prices without tax"),
    "priority": N_("Priority"), "product": N_("Article (SKU)"), "publishes": N_("Publish offers on this channel"),
    "quantity": N_("Units"), "reason": N_("Reason"), "received": N_("Units received"),
    "reference": N_("Reference"), "refused": N_("Refused"), "region": N_("Region"), "removed": N_("Removed"),
    "role": N_("Role"), "scopes": N_("Scopes"), "scrapped": N_("Units scrapped"), "sellable": N_("Sells"),
    "shipping": N_("Shipping"), "since": N_("From"), "sku": N_("SKU"), "state": N_("State"),
    "stock_buffer": N_("Units kept back"), "stock_limit": N_("Most units shown"),
    "stock_stopped": N_("Stock stopped"), "supplier": N_("Supplier"), "thanks": N_("Words to the buyer"),
    "theirs": N_("Price shown by the channel"), "thresholds": N_("Thresholds"), "title": N_("Title"), "to": N_("To"),
    "too_far": N_("Moved too far"), "units": N_("Units"), "until": N_("Until"), "url": N_("Address"),
    "valid_from": N_("From"), "valid_until": N_("Until"), "value": N_("Units, or percent"), "vat_rate": N_("VAT rate"),
    "version": N_("Version"), "warehouse": N_("Warehouse"), "weekdays": N_("Days worked"),
    "weight_g": N_("Weight (g)"), "where": N_("Where"), "why": N_("Why"), "wins": N_("Whose price wins"),
}  # fmt: skip
BY_SKU = frozenset({"product.kit"})
"""Here the fields are the SKUs of components."""
OF_SETTINGS = frozenset({"channel.added", "channel.settings"})
"""Here they are those of a connector's form, which names them."""


def field_word(name: str, action: str = "", beside: Collection[str] = ()) -> str:
    """In the reader's language; a field that has no word shows its name. `beside`: the fields of the same change."""
    if action in BY_SKU:
        return name
    if action in OF_SETTINGS and (label := _setting_label(name, frozenset(beside))):
        return gettext(label)
    return gettext(FIELDS[name]) if name in FIELDS else name.replace("_", " ")


def has_word(name: str, action: str = "") -> bool:
    known = action in BY_SKU or name in FIELDS
    return known or (action in OF_SETTINGS and _setting_label(name, frozenset()) != "")


def _setting_label(name: str, beside: frozenset[str]) -> str:
    """Of the connector that has just these settings, else of any: settings come and go with releases."""
    found = ""
    for connector in connector_types().values():
        fields = {field.name: field.setting.label for field in connector.settings.fields()}
        if name in fields and (not found or fields.keys() == beside):
            found = fields[name]
    return found
