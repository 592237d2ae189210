"""Profiles: what an ERP's CSV files call their columns, and how they write amounts and dates.

A profile is data, `profiles/<name>.toml` beside this module; a merchant may add one. `comptoir` is the
contract itself (docs/develop/erp-files.md) and has no file. Written: the first name of a column, the first
form of a date, the profile's encoding, separator and decimal mark. Read: any name and any form given, and
the contract's own; encoding, separator and decimal mark are those of each manifest.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from comptoir.connectors.files.contract import (
    COLUMNS_FROM_ERP,
    DECIMAL_MARKS,
    ENCODINGS,
    SEPARATORS,
    write_instant,
)
from comptoir.sdk.errors import ConfigurationError

FOLDER: Final = Path(__file__).parent / "profiles"
CONTRACT_ITSELF: Final = "comptoir"
THOUSANDS: Final = ("", " ", ".", ",", "'")
_SPACES: Final = (" ", "\u00a0", "\u202f")
_PROBE: Final = datetime(2026, 11, 23, 17, 45, 31, tzinfo=UTC)


class Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One TOML file. Without a word on something, the contract's own."""

    encoding: str = "utf-8"
    separator: str = ";"
    decimal: str = "."
    thousands: str = ""
    """Between groups of three digits, when read; a space stands for the unbreakable ones too."""
    dates: tuple[str, ...] = ()
    """Forms of `strftime`, with year, month, day, hour and minute; none: ISO 8601 in UTC."""
    time_zone: str = "UTC"
    """Of the dates in these forms, for they bear none."""
    yes: tuple[str, ...] = ("yes",)
    no: tuple[str, ...] = ("no",)
    columns: dict[str, dict[str, str | tuple[str, ...]]] = msgspec.field(default_factory=dict)
    """By kind, then by the contract's name: the name or names in the ERP's files."""

    # --- columns ----------------------------------------------------------------------------------------

    def written(self, kind: str, column: str) -> str:
        return next(iter(self._names(kind, column)), column)

    def contract_names(self, kind: str) -> dict[str, str]:
        """From a name as a file may have it, folded, to the contract's."""
        mapped = self.columns.get(kind, {})
        return {fold(name): column for column in mapped for name in self._names(kind, column)}

    def _names(self, kind: str, column: str) -> tuple[str, ...]:
        names = self.columns.get(kind, {}).get(column, ())
        return (names,) if isinstance(names, str) else names

    # --- cells ------------------------------------------------------------------------------------------

    def write_date(self, moment: datetime) -> str:
        if not self.dates:
            return write_instant(moment)
        return moment.astimezone(_zone(self.time_zone)).strftime(self.dates[0])

    def read_date(self, text: str) -> datetime | None:
        """UTC; None when it has none of the forms.

        The hour that autumn has twice is the later one: a parcel told too early would count as out of a
        stock that still holds it. The hour that spring has not is no hour.
        """
        zone = _zone(self.time_zone)
        for form in self.dates:
            local = _local(text, form, zone)
            if local is not None:
                found = local.replace(fold=1).astimezone(UTC)
                there = found.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None)
                return found if there else None
        return None

    def flag(self, text: str) -> bool | None:
        folded = fold(text)
        if folded in {"yes", *map(fold, self.yes)}:
            return True
        return False if folded in {"no", *map(fold, self.no)} else None

    def without_thousands(self, text: str, decimal: str) -> str:
        """`1 234,50` as `1234,50`; a text that is not grouped by three is given back as it is."""
        if not self.thousands or self.thousands == decimal:
            return text
        marks = _SPACES if self.thousands == " " else (self.thousands,)
        for mark in marks:
            text = text.replace(mark, marks[0])
        whole, point, decimals = text.partition(decimal)
        first, *groups = whole.split(marks[0])
        grouped = all(len(group) == 3 and group.isdecimal() for group in groups)
        if not groups or not grouped or not 1 <= len(first.lstrip("-")) <= 3:
            return text
        return first + "".join(groups) + point + decimals


def fold(name: str) -> str:
    """Names are compared without case, outer spaces and doubled ones."""
    return " ".join(name.split()).casefold()


def names(folder: Path = FOLDER) -> tuple[str, ...]:
    """The profiles that are there, the contract itself first; none is opened."""
    return CONTRACT_ITSELF, *sorted(path.stem for path in folder.glob("*.toml"))


def load(name: str, columns_to_erp: Mapping[str, Sequence[str]], folder: Path = FOLDER) -> Profile:
    """ConfigurationError, saying what is wrong with which file."""
    path = folder / f"{name}.toml"
    if name not in names(folder):
        raise ConfigurationError(f"There is no profile {name!r}: {path.name} is not there.")
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        profile = msgspec.convert(content, Profile)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ConfigurationError(f"The profile {path.name} cannot be read: {error}.") from error
    if problem := next(_problems(profile, COLUMNS_FROM_ERP | dict(columns_to_erp)), ""):
        raise ConfigurationError(f"The profile {path.name} cannot be used: {problem}.")
    return profile


def _problems(profile: Profile, known: Mapping[str, Sequence[str]]) -> Iterator[str]:
    listed = (
        ("encoding", profile.encoding, ENCODINGS),
        ("separator", profile.separator, SEPARATORS),
        ("decimal", profile.decimal, DECIMAL_MARKS),
        ("thousands", profile.thousands, THOUSANDS),
    )
    for name, value, allowed in listed:
        if value not in allowed:
            yield f"{name} is {value!r}, not one of {allowed}"
    if profile.decimal in (profile.separator, profile.thousands):
        yield "the decimal mark means something else too"
    if not profile.yes or not profile.no or {*map(fold, profile.yes)} & {*map(fold, profile.no)}:
        yield "yes and no need words of their own"
    yield from _date_problems(profile)
    for kind, mapped in profile.columns.items():
        yield from _column_problems(profile, kind, mapped, known)


def _date_problems(profile: Profile) -> Iterator[str]:
    try:
        _zone(profile.time_zone)
    except (KeyError, ValueError, OSError):
        yield f"{profile.time_zone!r} is no time zone"
    for form in profile.dates:
        back = _local(_PROBE.strftime(form), form, _zone("UTC"))
        if back is None or back.replace(second=0) != _PROBE.replace(second=0) or "%z" in form.lower():
            yield f"the date form {form!r} does not tell year, month, day, hour and minute alone"


def _column_problems(
    profile: Profile, kind: str, mapped: Mapping[str, object], known: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    if kind not in known:
        yield f"there are no files of {kind!r}"
        return
    if unknown := sorted(mapped.keys() - set(known[kind])):
        yield f"{kind} has no column {unknown[0]!r}"
    for column in mapped:
        if any(not fold(name) for name in (*profile._names(kind, column), profile.written(kind, column))):
            yield f"a name of {column} is empty"
        try:
            profile.written(kind, column).encode(profile.encoding)
        except (UnicodeEncodeError, LookupError):
            yield f"{profile.encoding} cannot write {profile.written(kind, column)!r}"
    shown = [fold(profile.written(kind, column)) for column in known[kind]]
    given = [fold(name) for column in mapped for name in profile._names(kind, column)]
    for doubled in sorted({name for name in shown if shown.count(name) > 1}
                          | {name for name in given if given.count(name) > 1}):  # fmt: skip
        yield f"{kind} has two columns {doubled!r}"


def _local(text: str, form: str, zone: ZoneInfo) -> datetime | None:
    try:
        return datetime.strptime(text, form).replace(tzinfo=zone)
    except ValueError:
        return None


@lru_cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
