"""What is kept of a submission to find its result: `PKG1*5000@1764000000`, several joined by commas.

The number of items is kept because a package that is Integrated says nothing of its items: each needs a
result of its own. The instant of closing, because results are kept for three days only. An XML package is
`x!123!<its file>`: the file is taken away when the package has ended.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from comptoir.sdk.errors import UnexpectedAnswer

_FORM = re.compile(r"([^*@,]+)\*(\d+)@(\d+)")
_XML_MARK = "x!"


class PackageReceipt(msgspec.Struct, frozen=True):
    package: str
    items: int
    closed_at: datetime

    @property
    def xml(self) -> tuple[str, str] | None:
        """The id and the file of an XML package; None for a JSON one."""
        if not self.package.startswith(_XML_MARK):
            return None
        package, _, token = self.package.removeprefix(_XML_MARK).rpartition("!")
        return package, token


def xml_mark(package: str, token: str) -> str:
    return f"{_XML_MARK}{package}!{token}"


def dump_receipts(receipts: Sequence[PackageReceipt]) -> str:
    return ",".join(f"{one.package}*{one.items}@{int(one.closed_at.timestamp())}" for one in receipts)


def load_receipts(external_id: str) -> list[PackageReceipt]:
    return [_load(part) for part in external_id.split(",")]


def _load(part: str) -> PackageReceipt:
    found = _FORM.fullmatch(part)
    if found is None:
        raise UnexpectedAnswer(f"This is not one of our packages: {part!r}.")
    package, items, closed = found.groups()
    return PackageReceipt(package, int(items), datetime.fromtimestamp(int(closed), UTC))
