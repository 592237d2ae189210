"""What a first start leaves in the data folder: the first person's sign-in, and the mark of the demo."""

from __future__ import annotations

import secrets
from pathlib import Path

from comptoir.config.private_files import write_private

FIRST_EMAIL = "admin@comptoir.local"


def sign_in_file(data: Path) -> Path:
    return data / "sign-in.txt"


def new_password() -> str:
    """About 95 bits, without signs that are awkward to type."""
    alphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(4))


def write_sign_in(data: Path, password: str) -> None:
    write_private(sign_in_file(data), f"e-mail: {FIRST_EMAIL}\npassword: {password}\n")


def read_sign_in(data: Path) -> tuple[str, str] | None:
    """(e-mail, password); None when the file was removed, as it should be once people have their own."""
    path = sign_in_file(data)
    if not path.exists():
        return None
    lines = dict(line.split(": ", 1) for line in path.read_text("utf-8").splitlines() if ": " in line)
    return lines["e-mail"], lines["password"]


def demo_mark(data: Path) -> Path:
    return data / "demo.done"


def demo_is_set_up(data: Path) -> bool:
    return demo_mark(data).exists()
