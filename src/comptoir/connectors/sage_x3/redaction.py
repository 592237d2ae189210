"""Masks for X3's own way of naming: a field's name is an attribute, or heads a list in JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from comptoir.connectors.sage_x3.mapping import Mapped
from comptoir.sdk.redaction import HIDDEN, Redactor

_USUAL: Final = ("BPRNAM", "BPCNAM", "BPCSHO", "BPRSHO", "BPAADDLIG", "ADDLIG1", "ADDLIG2", "ADDLIG3", "POSCOD", "CTY",
                 "TEL1", "WEB1", "BPDNAM", "BPDADDLIG", "BPDPOSCOD", "BPDCTY", "BPINAM", "BPIADDLIG",
                 "BPADES")  # fmt: skip


class FieldRedactor(Redactor):
    def __init__(self, secrets: Iterable[str], mapped: Mapped) -> None:
        own = [place.partition(".")[2] for name, place in mapped.places("order.ship_", "customer.full", "address.")
               if name not in ("address.code", "address.default", "address.country")]  # fmt: skip
        names = sorted({*_USUAL, *own})
        super().__init__(secrets, names)
        listed = "|".join(map(re.escape, names))
        # Inside an envelope the markup may be escaped: `&lt;FLD NAME=&quot;CTY&quot;&gt;`.
        self._field = re.compile(
            rf'((?:<|&lt;)(?:FLD|LST)\b(?:(?!>|&gt;).)*?NAME=(?:"|&quot;)(?:{listed})(?:"|&quot;)(?:(?!>|&gt;).)*(?:>|&gt;))'
            r"(?:(?!(?:<|&lt;)/(?:FLD|LST)).)*",
            re.DOTALL,
        )
        self._array = re.compile(
            rf'((?:"|\\")(?:{listed})(?:"|\\")\s*:\s*)(?:\[[^\]]*\]|\\"(?:[^"\\]|\\[^"])*\\")'
        )

    def body(self, text: str) -> str:
        text = self._field.sub(rf"\g<1>{HIDDEN}", text)
        return super().body(self._array.sub(rf'\g<1>"{HIDDEN}"', text))
