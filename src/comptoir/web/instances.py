"""The known instances of a connector, from its `registry` file: any table array with a `name` in each row."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass

from comptoir.sdk.connector import ConnectorType


@dataclass(frozen=True)
class Instance:
    name: str
    country: str
    settings: dict[str, str]
    """What it gives of the connector's own settings, such as its address."""


def known_instances(connector: ConnectorType) -> list[Instance]:
    if connector.registry is None:
        return []
    tables = tomllib.loads(connector.registry.read_text(encoding="utf-8"))
    rows = [row for table in tables.values() if isinstance(table, list) for row in table]
    names = {field.name for field in connector.settings.fields()} - connector.settings.secret_names()
    return sorted(
        (
            Instance(
                row["name"], row.get("country", ""), {k: str(v) for k, v in row.items() if k in names and v}
            )
            for row in rows
        ),
        key=lambda instance: instance.name.casefold(),
    )


def suggestion(instances: list[Instance], name: str) -> dict[str, str]:
    return next((instance.settings for instance in instances if instance.name == name), {})
