"""The kinds of values that calls carry: bounded, and nothing that the database cannot hold."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from ninja import Path, Query, Schema
from pydantic import AfterValidator, ConfigDict, Field

from comptoir.sdk.storable import storable


def _storable(text: str) -> str:
    if storable(text) != text:
        raise ValueError("a sign that cannot be stored (NUL)")
    return text


Text = Annotated[str, AfterValidator(_storable)]
Word = Annotated[Text, Field(max_length=80)]
"""A SKU, a code, a key."""
Name = Annotated[Text, Field(min_length=1, max_length=80)]
Sentence = Annotated[Text, Field(max_length=300)]
Money = Annotated[Decimal, Field(max_digits=14, decimal_places=4, ge=0)]
Price = Annotated[Decimal, Field(max_digits=12, decimal_places=2, gt=0)]
Units = Annotated[int, Field(ge=0, le=1_000_000_000)]
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
Limit = Annotated[int, Query(ge=1, le=200, description="How many rows at most.")]
Cursor = Annotated[
    str, Query(max_length=300, description="`next_cursor` of the page before; empty to start.")
]
Fields = Annotated[
    str, Query(max_length=600, description="Names separated by commas; empty for all of them.")
]
Filter = Annotated[str, Query(max_length=80)]


class Body(Schema):
    """What a caller sends: a name that is not known is refused, not ignored."""

    model_config = ConfigDict(extra="forbid")
