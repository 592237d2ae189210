"""The same folder on an SFTP server, whose key is known beforehand."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import socket
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import PurePosixPath
from typing import Final

import paramiko

from comptoir.connectors.files.contract import Place
from comptoir.connectors.files.local import PROBE
from comptoir.connectors.files.settings import FilesSettings
from comptoir.sdk.addresses import allowed_address
from comptoir.sdk.connector import Context
from comptoir.sdk.errors import ConfigurationError, ConnectorError, TransientError

_FOR_A_PERSON: Final = (
    FileNotFoundError,
    PermissionError,
    FileExistsError,
    NotADirectoryError,
    IsADirectoryError,
)


class SftpFolder:
    """One session, opened at the first question and again after it broke. Links are never followed below the root
    for what is read, as on a disk."""

    def __init__(self, settings: FilesSettings, context: Context) -> None:
        self._settings = settings
        self._context = context
        self._root = PurePosixPath(settings.folder)
        self._transport: paramiko.Transport | None = None
        self._session: paramiko.SFTPClient | None = None

    def close(self) -> None:
        if self._session is not None:
            self._session.close()
        if self._transport is not None:
            self._transport.close()
        self._session = self._transport = None

    # --- the folder -------------------------------------------------------------------------------------

    def names(self, place: Place) -> list[str]:
        with self._using(place) as sftp:
            entries = sftp.listdir_attr(str(self._root / place))
            return sorted(e.filename for e in entries if not e.filename.startswith(".") and _is_plain(e))

    def holds(self, place: Place, name: str) -> bool:
        with self._using(place) as sftp:
            return self._holds(sftp, place, name)

    def open(self, place: Place, name: str) -> BufferedReader | None:
        """Fetched whole into a file without a name: what is read does not change under the reader."""
        with self._using(place) as sftp:
            if not self._holds(sftp, place, name):
                return None
            descriptor, path = tempfile.mkstemp(prefix="comptoir-sftp-")
            os.unlink(path)
            copy = os.fdopen(descriptor, "w+b")
            try:
                sftp.getfo(self._path(place, name), copy)
                copy.flush()
                copy.seek(0)
                return open(os.dup(copy.fileno()), "rb")
            finally:
                copy.close()

    def write(self, place: Place, name: str, content: bytes) -> None:
        target = self._path(place, name)
        temporary = str(self._root / place / f".{name}.tmp")
        with self._using(place) as sftp:
            # `confirm` compares the size that arrived; only a whole file gets its name.
            sftp.putfo(io.BytesIO(content), temporary, file_size=len(content), confirm=True)
            _replace(sftp, temporary, target)

    def move(self, name: str, source: Place, target: Place) -> None:
        with self._using(target) as sftp:
            if self._holds(sftp, source, name):
                _replace(sftp, self._path(source, name), self._path(target, name))

    def probe(self, place: Place) -> None:
        probe = str(self._root / place / f".{PROBE}.tmp")
        with self._using(place) as sftp:
            sftp.putfo(io.BytesIO(b""), probe, confirm=True)
            sftp.remove(probe)

    def prepare(self, place: Place) -> None:
        path = str(self._root / place)
        with self._using(place) as sftp:
            try:
                found = sftp.stat(path)
            except FileNotFoundError:
                sftp.mkdir(path)
                return
            if not stat.S_ISDIR(found.st_mode or 0):
                raise ConfigurationError(f"The folder {place} cannot be used: it is a file.")

    # --- the session ------------------------------------------------------------------------------------

    def _holds(self, sftp: paramiko.SFTPClient, place: Place, name: str) -> bool:
        try:
            return _is_plain(sftp.lstat(self._path(place, name)))
        except FileNotFoundError:
            return False

    def _path(self, place: Place, name: str) -> str:
        if not name or name.startswith(".") or PurePosixPath(name).name != name or "\0" in name:
            raise ValueError(f"not the name of an exchanged file: {name!r}")
        return str(self._root / place / name)

    @contextmanager
    def _using(self, place: Place) -> Iterator[paramiko.SFTPClient]:
        try:
            yield self._connected()
        except ConnectorError:
            raise
        except paramiko.AuthenticationException as error:
            self.close()
            raise ConfigurationError(f"{self._settings.sftp_server} refuses this user.") from error
        except _FOR_A_PERSON as error:
            raise ConfigurationError(f"The folder {place} cannot be used: {error}.") from error
        except (paramiko.SSHException, EOFError, OSError) as error:
            self.close()
            raise TransientError(
                f"{self._settings.sftp_server} does not answer: {error or type(error).__name__}."
            ) from error

    def _connected(self) -> paramiko.SFTPClient:
        if self._session is None:
            settings, timeout = self._settings, self._context.timeout_s
            address = allowed_address(settings.sftp_server, settings.sftp_port,
                                      allow_loopback=self._context.allow_loopback, allow_private=True)  # fmt: skip
            plain = socket.create_connection((address, settings.sftp_port), timeout=timeout)
            self._transport = transport = paramiko.Transport(plain)
            transport.banner_timeout = transport.auth_timeout = max(timeout, 5.0)
            transport.start_client(timeout=max(timeout, 5.0))
            self._verify(transport.get_remote_server_key())
            if settings.sftp_key:
                transport.auth_publickey(settings.sftp_user, private_key(settings.sftp_key))
            else:
                transport.auth_password(settings.sftp_user, settings.sftp_password)
            session = paramiko.SFTPClient.from_transport(transport)
            if session is None:
                raise TransientError(f"{settings.sftp_server} opens no SFTP session.")
            channel = session.get_channel()
            if channel is not None:
                channel.settimeout(max(timeout, 5.0))
            self._session = session
        return self._session

    def _verify(self, key: paramiko.PKey) -> None:
        """Before any password is sent: another key is another server."""
        told = fingerprint(key)
        if told != self._settings.sftp_fingerprint.strip().rstrip("="):
            self.close()
            raise ConfigurationError(
                f"{self._settings.sftp_server} shows the key {told}, not the one of the settings."
            )


def fingerprint(key: paramiko.PKey) -> str:
    """As OpenSSH shows it: `SHA256:…`."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(key.asbytes()).digest()).decode().rstrip("=")


def private_key(text: str) -> paramiko.PKey:
    """An OpenSSH or PEM private key without passphrase; ConfigurationError when it is none."""
    kinds: tuple[type[paramiko.PKey], ...] = (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey)
    for kind in kinds:
        try:
            return kind.from_private_key(io.StringIO(text))
        except (paramiko.SSHException, ValueError):
            continue
    raise ConfigurationError("The SFTP private key cannot be read, or it has a passphrase.")


def _is_plain(found: paramiko.SFTPAttributes) -> bool:
    return stat.S_ISREG(found.st_mode or 0)


def _replace(sftp: paramiko.SFTPClient, source: str, target: str) -> None:
    """Over a file of that name: OpenSSH's extension; where a server has none, the old one goes first."""
    try:
        sftp.posix_rename(source, target)
    except _FOR_A_PERSON:
        raise
    except OSError:
        with suppress(FileNotFoundError):  # nothing to replace
            sftp.remove(target)
        sftp.rename(source, target)
