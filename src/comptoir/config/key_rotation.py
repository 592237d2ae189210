"""Another installation's key: everything that the old ones sealed is closed again with the newest.

What personal data is sealed with are data keys: they are closed again, the data itself is not touched. Programs that
run meanwhile read the keys anew when they meet a value that they cannot open (`core.sealing`).
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from django.apps import apps
from django.db import transaction

from comptoir.config.private_files import write_private
from comptoir.core.sealing import reseal

SEALED = {
    ("core", "DataKey"): "sealed",
    ("channels", "Channel"): "sealed_settings",
    ("events", "Webhook"): "sealed_secret",
}
"""Every column that the installation's key closes, and beside them what allauth keeps of second factors."""
_TOKEN = "gAAAA"  # noqa: S105 - how a Fernet token begins


def add_key(folder: Path) -> tuple[str, ...]:
    """A new key, first in `secrets.json`; the ones that are there still open. All of them."""
    path = folder / "secrets.json"
    kept = json.loads(path.read_text())
    kept["sealing_keys"] = [Fernet.generate_key().decode(), *kept["sealing_keys"]]
    write_private(path, json.dumps(kept))
    return tuple(kept["sealing_keys"])


def forget_old_keys(folder: Path) -> int:
    """All but the first; how many they were."""
    path = folder / "secrets.json"
    kept = json.loads(path.read_text())
    first, *old = kept["sealing_keys"]
    write_private(path, json.dumps({**kept, "sealing_keys": [first]}))
    return len(old)


def given_by_environment() -> bool:
    return bool(os.environ.get("COMPTOIR_SEALING_KEYS"))


@transaction.atomic
def reseal_all() -> dict[str, int]:
    """Everything closed again with the first key; how many of what. Raises CannotUnseal, and changes nothing."""
    done: dict[str, int] = {}
    for (app, name), column in SEALED.items():
        model = apps.get_model(app, name)
        found = list(model._default_manager.select_for_update().order_by("pk"))
        for one in found:
            setattr(one, column, reseal(bytes(getattr(one, column))))
            one.save(update_fields=[column])
        done[name] = len(found)
    factors = list(apps.get_model("mfa", "Authenticator")._default_manager.select_for_update().order_by("pk"))
    for factor in factors:
        factor.data = _again(factor.data)
        factor.save(update_fields=["data"])
    return {**done, "Authenticator": len(factors)}


def _again(value: Any) -> Any:
    """The same data, each sealed text in it closed again."""
    if isinstance(value, dict):
        return {name: _again(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_again(part) for part in value]
    return reseal(value.encode()).decode() if isinstance(value, str) and value.startswith(_TOKEN) else value
