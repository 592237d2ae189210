"""What the environment and the data folder say: read once, here and nowhere else."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet


@dataclass(frozen=True)
class Secrets:
    """Made once per installation and kept in `<data>/secrets.json` (mode 0600), or given by variables."""

    secret_key: str
    sealing_keys: tuple[str, ...]
    """The first one seals; all of them open: that is how a key is rotated."""


def data_folder() -> Path:
    return Path(os.environ.get("COMPTOIR_DATA", "data")).resolve()


def load_secrets(folder: Path) -> Secrets:
    """From COMPTOIR_SECRET_KEY and COMPTOIR_SEALING_KEYS (comma-separated), else from the data folder."""
    secret_key = os.environ.get("COMPTOIR_SECRET_KEY", "")
    sealing_keys = tuple(filter(None, os.environ.get("COMPTOIR_SEALING_KEYS", "").split(",")))
    if secret_key and sealing_keys:
        return Secrets(secret_key, sealing_keys)
    path = folder / "secrets.json"
    if not path.exists():
        _write_secrets(path)
    kept = json.loads(path.read_text())
    return Secrets(secret_key or kept["secret_key"], sealing_keys or tuple(kept["sealing_keys"]))


def _write_secrets(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = {"secret_key": secrets.token_urlsafe(50), "sealing_keys": [Fernet.generate_key().decode()]}
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return  # another process of the same first start was quicker
    with os.fdopen(descriptor, "w") as file:
        file.write(json.dumps(fresh))


def flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, str(default)).strip().lower() in ("1", "true", "yes", "on")


def single_sign_on() -> dict[str, Any]:
    """One OpenID Connect provider, from COMPTOIR_OIDC_URL, _CLIENT_ID, _CLIENT_SECRET and _NAME; none without."""
    url = os.environ.get("COMPTOIR_OIDC_URL", "")
    if not url:
        return {}
    app = {
        "provider_id": "sso",
        "name": os.environ.get("COMPTOIR_OIDC_NAME", "OpenID Connect"),
        "client_id": os.environ["COMPTOIR_OIDC_CLIENT_ID"],
        "secret": os.environ.get("COMPTOIR_OIDC_CLIENT_SECRET", ""),
        "settings": {"server_url": url, "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [app], "EMAIL_AUTHENTICATION": False}}
