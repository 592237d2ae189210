"""Settings that a connector declares once: the form, the checks, the masking and the docs come from them.

class MiraklSettings(ConnectorSettings):
    base_url: Annotated[str, Setting(N_("Address"), kind="url")]
    api_key: Annotated[str, Setting(N_("Shop API key"), secret=True)]
    shop_id: Annotated[int | None, Setting(N_("Shop"), advanced=True)] = None
"""

from __future__ import annotations

import typing
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, Self, TypeVar

import msgspec

from comptoir.sdk.i18n import N_

MASK = "••••••••"

T = TypeVar("T", bound="ConnectorSettings")

FieldKind = Literal["text", "url", "integer", "boolean", "choice", "folder"]


@dataclass(frozen=True)
class Setting:
    """What a person needs to know of one setting."""

    label: str
    help: str = ""
    secret: bool = False
    kind: FieldKind | None = None
    choices: tuple[tuple[str, str], ...] = ()
    placeholder: str = ""
    advanced: bool = False


@dataclass(frozen=True)
class SettingField:
    """One declared setting, ready for a form."""

    name: str
    setting: Setting
    kind: FieldKind
    required: bool
    default: object


class SettingsError(ValueError):
    """The given settings do not fit; `errors` says why, field by field."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {why}" for name, why in errors.items()))
        self.errors = dict(errors)


class ConnectorSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Base of every connector's settings."""

    @classmethod
    def fields(cls) -> list[SettingField]:
        return list(_declared(cls))

    @classmethod
    def secret_names(cls) -> frozenset[str]:
        return frozenset(field.name for field in cls.fields() if field.setting.secret)

    @classmethod
    def load(cls, values: Mapping[str, object]) -> Self:
        """Build from what a form or a file gave; SettingsError names every field that does not fit."""
        errors: dict[str, str] = {}
        clean: dict[str, object] = {}
        for field in cls.fields():
            _load_field(field, values.get(field.name), clean, errors)
        errors.update(
            (name, N_("Unknown setting.")) for name in values.keys() - {f.name for f in cls.fields()}
        )
        if errors:
            raise SettingsError(errors)
        settings = _convert(cls, clean)
        if problems := settings.problems():
            raise SettingsError(problems)
        return settings

    def problems(self) -> dict[str, str]:
        """Checks across fields, by field name; for connectors to override."""
        return {}

    def dump(self) -> dict[str, Any]:
        """Every value, secrets included: to be sealed, never shown."""
        return typing.cast(dict[str, Any], msgspec.to_builtins(self))

    def masked(self) -> dict[str, Any]:
        """Every value, with a mask where a secret is set."""
        return {
            name: MASK if name in self.secret_names() and value else value
            for name, value in self.dump().items()
        }

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.masked()})"


@cache
def _declared(cls: type[ConnectorSettings]) -> tuple[SettingField, ...]:
    """Read once: type hints are slow to resolve, and settings are loaded for every turn of a flow."""
    hints = typing.get_type_hints(cls, include_extras=True)
    return tuple(_field(info, hints[info.name]) for info in msgspec.structs.fields(cls))


def _field(info: msgspec.structs.FieldInfo, hint: object) -> SettingField:
    declared = [extra for extra in getattr(hint, "__metadata__", ()) if isinstance(extra, Setting)]
    setting = declared[0] if declared else Setting(label=info.name.replace("_", " ").capitalize())
    default = None if info.default is msgspec.NODEFAULT else info.default
    return SettingField(info.name, setting, setting.kind or _kind(hint, setting), info.required, default)


def _kind(hint: object, setting: Setting) -> FieldKind:
    bare = typing.get_args(hint)[0] if hasattr(hint, "__metadata__") else hint
    kinds = set(typing.get_args(bare)) - {type(None)} or {bare}
    if setting.choices:
        return "choice"
    if kinds == {bool}:
        return "boolean"
    return "integer" if kinds == {int} else "text"


def _load_field(field: SettingField, value: object, clean: dict[str, object], errors: dict[str, str]) -> None:
    if isinstance(value, str):
        value = value.strip()
    if value is None or value == "":
        if field.required:
            errors[field.name] = N_("This setting is needed.")
        return
    if field.kind == "choice" and str(value) not in {code for code, _ in field.setting.choices}:
        errors[field.name] = N_("Choose one of the listed values.")
    elif field.kind == "url" and not str(value).startswith(("https://", "http://")):
        errors[field.name] = N_("An address starts with https://.")
    elif field.kind == "integer" and not str(value).lstrip("-").isdigit():
        errors[field.name] = N_("A whole number is needed.")
    else:
        clean[field.name] = value


def _convert(cls: type[T], clean: dict[str, object]) -> T:
    try:
        return msgspec.convert(clean, cls, strict=False)
    except msgspec.ValidationError as error:
        # msgspec names the place as "… - at `$.shop_id`"
        name = str(error).rpartition("$.")[2].rstrip("`")
        raise SettingsError({name: str(error)}) from error
