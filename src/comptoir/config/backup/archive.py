"""The file: a zip of `database.dump` (pg_dump's custom form, packed by it) and `manifest.json`."""

from __future__ import annotations

import hashlib
import os
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import msgspec

from comptoir.config.backup.census import Census
from comptoir.config.problems import StartupProblem

DUMP, MANIFEST = "database.dump", "manifest.json"
FORMAT = 1
BLOCK = 1024 * 1024


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What the file says of itself. `keys`: prints of the sealing keys, which are *not* in the file."""

    format: int
    made_at: str
    comptoir: str
    server: int
    migrations: list[str]
    keys: list[str]
    census: Census
    dump_bytes: int
    dump_sha256: str


def write_archive(
    path: Path, source: IO[bytes], describe: Callable[[int, str], Manifest], so_far: Callable[[int], None]
) -> Manifest:
    """Written beside and renamed: a file of that name is a whole one. Readable by its owner alone.

    `describe` is called with the dump's size and digest, once they are known; `so_far` with the bytes written.
    """
    draft = path.with_name(f".{path.name}.part")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            digest, size = hashlib.sha256(), 0
            with archive.open(DUMP, "w", force_zip64=True) as member:
                while block := source.read(BLOCK):
                    member.write(block)
                    digest.update(block)
                    size += len(block)
                    so_far(size)
            manifest = describe(size, digest.hexdigest())
            archive.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
            archive.close()
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def read_manifest(path: Path) -> Manifest:
    """Raises StartupProblem when the file is not one of ours, or is damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = msgspec.json.decode(archive.read(MANIFEST), type=Manifest)
    except (OSError, zipfile.BadZipFile, KeyError, msgspec.MsgspecError) as error:
        raise StartupProblem(
            f"{path} is not a backup of Comptoir, or is damaged: {error}.", "Take another."
        ) from error
    if manifest.format != FORMAT:
        raise StartupProblem(f"{path} was made by a newer Comptoir.", "Update this one first.")
    return manifest


def check_dump(path: Path, manifest: Manifest) -> None:
    """Every byte against the manifest. Raises StartupProblem."""
    digest, size = hashlib.sha256(), 0
    try:
        with zipfile.ZipFile(path) as archive, archive.open(DUMP) as member:
            while block := member.read(BLOCK):
                digest.update(block)
                size += len(block)
    except (OSError, zipfile.BadZipFile, KeyError) as error:
        raise StartupProblem(f"{path} is damaged: {error}.", "Take another backup.") from error
    if (size, digest.hexdigest()) != (manifest.dump_bytes, manifest.dump_sha256):
        raise StartupProblem(
            f"{path} is damaged: its content is not what was written.", "Take another backup."
        )


@contextmanager
def open_dump(path: Path) -> Iterator[IO[bytes]]:
    with zipfile.ZipFile(path) as archive, archive.open(DUMP) as member:
        yield member


def feed(process: subprocess.Popen[bytes], source: IO[bytes]) -> None:
    assert process.stdin is not None
    try:
        while block := source.read(BLOCK):
            process.stdin.write(block)
    except BrokenPipeError:
        return  # it ended by itself: its exit code and its words say why
    finally:
        with suppress(BrokenPipeError):
            process.stdin.close()
