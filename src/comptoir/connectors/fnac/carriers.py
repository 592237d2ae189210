"""Our carrier codes → Fnac's, which `carriers_query` lists for each shop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from comptoir.connectors.fnac import xml
from comptoir.connectors.fnac.client import FnacClient, Reply
from comptoir.connectors.fnac.fields import children, text
from comptoir.connectors.fnac.settings import FnacSettings
from comptoir.sdk.connector import Cache
from comptoir.sdk.records import Choice, Parcel

CACHE_KEY: Final = "fnac-carriers"
CACHE_SECONDS: Final = 24 * 3600
USUAL: Final = {
    "COLISSIMO": "SOCOLISSIMO",
    "LAPOSTE": "LAPOSTE",
    "LA_POSTE": "LAPOSTE",
    "CHRONOPOST": "CHRONOPOST",
    "TNT": "TNT",
}


def parse_carriers(reply: Reply) -> tuple[Choice, ...]:
    return tuple(
        Choice(code=text(node, "@code"), label=text(node, "name"), kind="carrier")
        for node in children(reply.content, "carrier")
        if text(node, "@code")
    )


class CarrierBook:
    """The shop's carriers, read once a day."""

    def __init__(self, client: FnacClient, settings: FnacSettings, cache: Cache) -> None:
        self._client = client
        self._codes = USUAL | settings.carrier_codes
        self._cache = cache

    def listed(self) -> tuple[Choice, ...]:
        kept = self._cache.get(CACHE_KEY)
        if kept is not None:
            return msgspec.json.decode(kept, type=tuple[Choice, ...])
        return self.read()

    def read(self) -> tuple[Choice, ...]:
        """Ask again, whatever is kept."""
        request = xml.document("carriers_query")
        xml.add(request, "query", "all")
        found = parse_carriers(self._client.read(request, items="carrier"))
        self._cache.set(CACHE_KEY, msgspec.json.encode(found), seconds=CACHE_SECONDS)
        return found

    def code_for(self, parcel: Parcel) -> str:
        """Their code; where they list none, the carrier's own name, as text (not verified)."""
        return find_code(parcel, self.listed(), self._codes)


def find_code(parcel: Parcel, listed: Sequence[Choice], codes: dict[str, str]) -> str:
    wanted = codes.get(parcel.carrier.upper(), parcel.carrier)
    by_name = {_plain(choice.code): choice.code for choice in listed}
    by_name |= {_plain(choice.label): choice.code for choice in listed}
    for name in (wanted, parcel.carrier, parcel.carrier_name):
        if name and _plain(name) in by_name:
            return by_name[_plain(name)]
    return parcel.carrier_name or wanted


def _plain(name: str) -> str:
    return "".join(letter for letter in name.upper() if letter.isalnum())
