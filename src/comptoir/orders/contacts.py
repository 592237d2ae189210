"""Who bought, sealed: one envelope for each order, and the hashes of the words by which it is found.

The hashes are keyed (`core.envelopes`, the key "index") and short: whoever has the database alone can neither read
them nor try names on them. They are of the beginnings of words, without capitals and accents, three letters to six;
of the e-mail address; and of the last nine digits of telephone numbers, however they are written. A name is found
while it is being typed, and its letters after the sixth distinguish nobody.
"""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b

import msgspec

from comptoir.core.envelopes import Stored, current_key, open_envelope, sealer
from comptoir.core.folding import fold
from comptoir.sdk.records import Address, Order

PHONE_DIGITS = 9
"""Without the country and the zero before: +33 6 12… and 06 12… are one number."""
SHORTEST, LONGEST = 3, 6
"""Letters of a beginning. A shorter word is hashed whole."""
_WORD = re.compile(r"\w+")
_encode = msgspec.json.Encoder().encode


class Person(msgspec.Struct, frozen=True, omit_defaults=True):
    """What names the buyer of an order."""

    name: str = ""
    email: str = ""
    phone: str = ""
    shipping: Address | None = None
    billing: Address | None = None

    @classmethod
    def of(cls, order: Order) -> Person:
        buyer = order.buyer
        return cls(buyer.name, buyer.email, buyer.phone, order.shipping_address, order.billing_address)

    def updated(self, news: Person) -> Person:
        """What the news leave out stays known."""
        return Person(
            news.name or self.name, news.email or self.email, news.phone or self.phone,
            news.shipping or self.shipping, news.billing or self.billing,
        )  # fmt: skip


_decode = msgspec.json.Decoder(Person).decode


class ContactSealer:
    """Seals the contacts of one transaction."""

    def __init__(self) -> None:
        self._seal, self._index = sealer(), current_key("index")[1]

    def contact(self, order_id: int, person: Person) -> tuple[int, bytes, str, bool]:
        """As `orders.rows.CONTACT` begins: key, envelope, words, whether there is an address to ship to.

        The words are an array as PostgreSQL writes one: the driver takes a second for 100,000 short lists.
        """
        envelope = self._seal(_encode(person), contact_of(order_id))
        words = ",".join(map(str, words_of(self._index, person)))
        return order_id, envelope, f"{{{words}}}", person.shipping is not None

    def raw(self, order_id: int, payload: bytes) -> bytes:
        return self._seal(payload, raw_of(order_id)) if payload else payload


def open_contact(order_id: int, envelope: Stored) -> Person:
    return _decode(open_envelope(envelope, contact_of(order_id)))


def open_raw(order_id: int, payload: Stored) -> bytes:
    return open_envelope(payload, raw_of(order_id))


def contact_of(order_id: int) -> str:
    return f"contact {order_id}"


def raw_of(order_id: int) -> str:
    return f"raw {order_id}"


def words_of(key: bytes, person: Person) -> list[int]:
    """Hashes of all by which this person is found, in order."""
    names, phones = {person.name}, {person.phone}
    for address in (person.shipping, person.billing):
        if address is not None:
            names |= {address.name, address.company}
            phones.add(address.phone)
    found: set[int] = set()
    for name in names:
        if name:
            for word in _WORD.findall(fold(name)):
                found |= _beginnings(key, word)
    if person.email:
        found.add(_hash(key, person.email.strip().lower()))
    for phone in phones:
        if number := phone_number(phone):
            found.add(_hash(key, number))
    return sorted(found)


@lru_cache(maxsize=50_000)
def _beginnings(key: bytes, word: str) -> frozenset[int]:
    """A first name comes again and again."""
    beginnings = {word[:letters] for letters in range(SHORTEST, min(len(word), LONGEST))}
    return frozenset(_hash(key, text) for text in {word[:LONGEST], *beginnings})


def searched_words(text: str) -> list[int] | None:
    """Hashes of what a person typed, all of which an order must have; None when nothing of it can be looked up."""
    number = phone_number(text) if re.fullmatch(r"[\d\s+().-]+", text) else ""
    if number:
        words = {number}
    else:
        words = {part.lower() for part in text.split() if "@" in part}
        rest = " ".join(part for part in text.split() if "@" not in part)
        words |= {word[:LONGEST] for word in _WORD.findall(fold(rest))}
    if not words:
        return None
    key = current_key("index")[1]
    return sorted(_hash(key, word) for word in words)


def phone_number(text: str) -> str:
    digits = "".join(filter(str.isdigit, text))
    return digits[-PHONE_DIGITS:] if len(digits) >= PHONE_DIGITS else ""


def _hash(key: bytes, word: str) -> int:
    """32 bits, signed as PostgreSQL's integer is: enough to find, too few to prove."""
    return int.from_bytes(blake2b(word.encode(), key=key, digest_size=4).digest(), "big", signed=True)
