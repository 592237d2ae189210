"""What is kept in the words of the code, or of the other side, in the reader's language.

Issues and failures are kept as one English text, as they were when they happened. Those that the hub itself wrote are
known again by their shape and told in the reader's language; of those of the other side, a sentence says what they
mean, before its own words.
"""

from __future__ import annotations

import re
from decimal import Decimal

from django.utils.translation import gettext

from comptoir.flows.registry import flows
from comptoir.sdk.i18n import N_
from comptoir.web.formats import format_amount, format_money

SENTENCES = (
    N_("No product has the SKU %(skus)s: the order waits for it."),
    N_("The lines, shipping and discounts differ from the total by %(gap)s."),
    N_("The channel used a status that is not known: %(statuses)s."),
    N_("The order's lines changed: %(changes)s."),
    N_("The ERP rejected %(what)s."),
    N_("The ERP cancelled %(what)s; the channel still expects it."),
    N_("The ERP rejects the order to the supplier %(reference)s: %(why)s"),
    N_("%(reference)s: %(units)s × %(sku)s were received, %(ordered)s were ordered."),
    N_("The accounting entry %(entry)s is not taken: %(why)s"),
    N_("The ERP refused the file as a whole: %(why)s."),
    N_("The ERP made the credit note %(number)s of %(amount)s on %(reference)s: is the buyer to be refunded?"),
    N_("The credit note %(number)s was of %(before)s and is now of %(after)s: what the buyer got was not changed."),
    N_("%(number)s of %(reference)s is another paper now than the one given to the channel before."),
    N_("The invoice %(number)s of the order %(reference)s is refused: %(why)s"),
    N_("%(price)s was not published: the offer has no floor price."),
    N_("%(price)s was not published: its floor is %(floor)s."),
    N_("%(price)s is too far from %(last)s: in one go the channel's rules allow %(lowest)s to %(highest)s"),
    N_("%(price)s is too far from %(last)s: in one go the channel's rules allow %(lowest)s and above"),
    N_("The channel took nothing of %(n)s items: %(why)s"),
    N_("The channel does not give back what %(reference)s asks for: %(why)s"),
    N_("The channel does not take the shipment %(number)s: %(why)s"),
    N_("The channel does not keep our number %(reference)s: %(why)s"),
    N_("%(what)s: the channel shows %(theirs)s, we had put %(ours)s. Ours is published again."),
    N_("%(what)s: the channel shows %(theirs)s, we had put %(ours)s. Theirs is what we want from now on."),
    N_("%(what)s: the channel shows %(theirs)s, we had put %(ours)s. "
       "Whose shall it be? No price of this offer leaves meanwhile."),
    N_("%(reference)s was ready or left on %(at)s UTC, and the ERP does not have it."),
    N_("The channel has had this order since %(at)s UTC and the polls had not brought it. It is stored now."),
    N_("On hand %(on_hand)s, the ledger says %(ledger)s; reserved %(reserved)s, the reservations say %(kept)s."),
    N_("%(n)s offers did not wait to be published as they should have; they do now."),
    N_("The shipment %(shipment)s took units of a cancelled sale: %(units)s."),
    N_("The job %(task)s killed its worker %(n)s times. Its next turn waits %(wait)s."),
    N_("%(flow)s failed %(n)s times in a row: %(why)s"),
    N_("Alerts cannot be told by %(way)s: %(why)s"),
    N_("The webhook « %(name)s » was paused: %(why)s"),
    N_("%(what)s: say when it was made, so that its end can be announced."),
    N_("%(what)s: it ended on %(day)s. %(advice)s"),
    N_("%(what)s: it ends in %(n)s days, on %(day)s. %(advice)s"),
    N_("The channel waits for our answer since %(since)s. %(left)s left: the channel decides by itself on %(at)s UTC."),
    N_("The channel waits for our answer since %(since)s. Its time was up on %(at)s UTC."),
    N_("The channel waits for our answer since %(since)s."),
    N_("Sold far under the offer: %(what)s."),
    N_("Not every unit is in stock."),
    N_("Restored from the backup of %(at)s. Compare with the channel and the ERP, then resume."),
    N_("No connector of the kind %(kind)s is installed."),
    N_("%(call)s: our own limit."),
    # How issues were settled.
    N_("alerts are told again"),
    N_("confirmed"),
    N_("decided"),
    N_("everything waits as it should"),
    N_("hub and ERP agree"),
    N_("it was taken now"),
    N_("refunded"),
    N_("renewed"),
    N_("settled by the channel's newer news"),
    N_("settled"),
    N_("taken by the ERP"),
    N_("taken by the channel"),
    N_("taken by who keeps the books"),
    N_("the ERP has it"),
    N_("the ERP's catalogue was stored"),
    N_("the channel answers again"),
    N_("the channel took the invoice"),
    N_("the credit note is settled"),
    N_("the entry can be read now"),
    N_("the flow succeeded again"),
    N_("the order can be read now"),
    N_("the channel gave a part back itself: the rest is asked for"),
    N_("the order is here, and the ERP has it"),
    N_("the order waits for no answer any more"),
    N_("the products are known now"),
    N_("the sums agree again"),
    N_("theirs is wanted now"),
    N_("within what the channel takes"),
)  # fmt: skip
"""Each is the text of the code to the letter; `tests/web/test_known_words.py` holds them together."""
_BY_STATUS = {
    "401": N_("The other side refuses the key or the password: %(words)s"),
    "403": N_("The other side refuses: the key lacks a right, or the account is closed: %(words)s"),
    "404": N_("Nothing answers at this address: %(words)s"),
    "429": N_("The other side asks us to wait: %(words)s"),
    "5": N_("The other side is out of order for now: %(words)s"),
}
_SIGNS = (
    (r"refuses this user|invalid_client|invalid_grant|^auth: ", _BY_STATUS["401"]),
    (r"no connection \(|no answer \(|does not answer|timed out", N_("The other side cannot be reached: %(words)s")),
    (r"cannot be opened: |do not fit: ", N_("The settings kept here cannot be used: %(words)s")),
    (r"^The folder |^The profile |^There is no profile ",
     N_("The folder of exchanges, or its profile, cannot be used: %(words)s")),
    (r"^Sage|does not publish| gives no | needs a column|cannot be narrowed",
     N_("The ERP does not have all that the settings name: %(words)s")),
)  # fmt: skip
_OF_AMOUNTS = frozenset(
    {"amount", "before", "floor", "gap", "highest", "last", "lowest", "ours", "price", "theirs", "what"}
)
_AMOUNT = re.compile(
    r"(?<![\w.,-])(-?\d+\.\d{2,4}|-?\d+(?:\.\d+)?(?= (?:EUR|GBP|USD|CHF|PLN|SEK|DKK|NOK|CZK)\b))"
    r"(?: ([A-Z]{3})\b)?(?![\w,]|\.\d)"
)
_STATUS = re.compile(r"(?:^|: |HTTP )([45]\d\d)\b")


def _shape(sentence: str) -> re.Pattern[str]:
    parts = re.split(r"%\((\w+)\)s", sentence)
    seen: set[str] = set()
    text = ""
    for place, part in enumerate(parts):
        if place % 2 == 0:
            text += re.escape(part)
        else:
            text += f"(?P={part})" if part in seen else f"(?P<{part}>.+?)"
            seen.add(part)
    return re.compile(text, re.DOTALL)


_SHAPES = [(_shape(sentence), sentence) for sentence in SENTENCES]


def tell(text: str) -> str:
    """A sentence of ours in the reader's language; what nobody here wrote stays as it is."""
    for shape, sentence in _SHAPES:
        if found := shape.fullmatch(text):
            return gettext(sentence) % {
                name: _value(name, value) for name, value in found.groupdict().items()
            }
    return last_line(text)


def _value(name: str, text: str) -> str:
    if name == "flow" and text in flows():
        return gettext(flows()[text].label)
    if name == "why":
        return tell(text)
    return _AMOUNT.sub(_amount, text) if name in _OF_AMOUNTS else last_line(text)


def _amount(found: re.Match[str]) -> str:
    amount, currency = Decimal(found[1]), found[2]
    return format_money(amount, currency) if currency else format_amount(amount)


def last_line(text: str) -> str:
    """Of a traceback: what went wrong, not where. Anything else whole."""
    return text.strip().rpartition("\n")[2] if text.startswith("Traceback ") else text


def tell_fault(text: str) -> str:
    """Of a failure: what it means, in the reader's language, and the words that came."""
    told = tell(text)
    if told != last_line(text) or not text or any(shape.fullmatch(text) for shape, _ in _SHAPES):
        return told
    status = _STATUS.search(text)
    meaning = _BY_STATUS.get(status[1]) or _BY_STATUS.get(status[1][0]) if status else None
    meaning = meaning or next((words for sign, words in _SIGNS if re.search(sign, text)), None)
    return gettext(meaning) % {"words": told} if meaning else told
