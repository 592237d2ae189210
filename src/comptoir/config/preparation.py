"""What a start does once the database answers: tables, the first person, the demo."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from comptoir.accounts.models import User
from comptoir.accounts.roles import Role
from comptoir.accounts.services import create_user
from comptoir.config.first_start import FIRST_EMAIL, demo_is_set_up, demo_mark, new_password, write_sign_in
from comptoir.config.tables import migrate_if_needed


def prepare(data: Path, world: Path | None) -> None:
    """Safe to repeat, whole or in part. `world`: the file where bazaar describes itself."""
    migrate_if_needed()
    add_first_user(data)
    if world is not None:
        set_up_demo(data, json.loads(world.read_text("utf-8")))


def add_first_user(data: Path) -> None:
    """The password is written down before the user exists: a kill in between loses nothing."""
    if User.objects.exists():
        return
    password = new_password()
    write_sign_in(data, password)
    create_user(email=FIRST_EMAIL, password=password, role=Role.ADMINISTRATOR)


def set_up_demo(data: Path, world: dict[str, Any]) -> None:
    """Once; a later start tells its channels where the world is now. The mark is set after the work, so a kill in
    between does it again: `set_up` bears that."""
    if demo_is_set_up(data):
        from comptoir.rehearsal.connecting import follow_parties

        follow_parties(world["parties"])
        return
    from comptoir.config.demo import set_up

    set_up(world)
    demo_mark(data).touch()
