"""A real SFTP server on loopback, over a folder of the disk."""

from __future__ import annotations

import os
import socket
import threading
from pathlib import Path
from typing import Any

import paramiko

USER, PASSWORD = "comptoir", "a-password-of-the-erp"


class _Login(paramiko.ServerInterface):
    def check_auth_password(self, username: str, password: str) -> int:
        right = (username, password) == (USER, PASSWORD)
        return paramiko.AUTH_SUCCESSFUL if right else paramiko.AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return (
            paramiko.OPEN_SUCCEEDED if kind == "session" else paramiko.OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED
        )

    def get_allowed_auths(self, username: str) -> str:
        return "password"


class _Handle(paramiko.SFTPHandle):
    def stat(self) -> Any:
        return paramiko.SFTPAttributes.from_stat(os.fstat(self.readfile.fileno()))  # type: ignore[attr-defined]


class _Disk(paramiko.SFTPServerInterface):
    """Absolute paths of this machine, as an account that is not locked into its home sees them."""

    def _done(self, work: Any) -> int:
        try:
            work()
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno or 0)
        return paramiko.SFTP_OK

    def list_folder(self, path: str) -> Any:
        try:
            names = os.listdir(path)
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno or 0)
        return [paramiko.SFTPAttributes.from_stat(os.lstat(os.path.join(path, name)), name) for name in names]

    def stat(self, path: str) -> Any:
        return self._attributes(os.stat, path)

    def lstat(self, path: str) -> Any:
        return self._attributes(os.lstat, path)

    def _attributes(self, ask: Any, path: str) -> Any:
        try:
            return paramiko.SFTPAttributes.from_stat(ask(path))
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno or 0)

    def open(self, path: str, flags: int, attr: Any) -> Any:
        try:
            descriptor = os.open(path, flags, 0o644)
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno or 0)
        handle = _Handle(flags)
        mode = "r+b" if flags & os.O_RDWR else "wb" if flags & os.O_WRONLY else "rb"
        handle.readfile = handle.writefile = os.fdopen(descriptor, mode)  # type: ignore[attr-defined]
        return handle

    def remove(self, path: str) -> int:
        return self._done(lambda: os.remove(path))

    def rename(self, oldpath: str, newpath: str) -> int:
        return self._done(lambda: os.link(oldpath, newpath) or os.remove(oldpath))  # type: ignore[func-returns-value]

    def posix_rename(self, oldpath: str, newpath: str) -> int:
        return self._done(lambda: os.replace(oldpath, newpath))

    def mkdir(self, path: str, attr: Any) -> int:
        return self._done(lambda: os.mkdir(path))


class _DiskWithoutExtension(_Disk):
    def posix_rename(self, oldpath: str, newpath: str) -> int:
        return paramiko.SFTP_OP_UNSUPPORTED


class SftpServer:
    """`with SftpServer() as server:`; `port`, `key`, and `cut()` to lose every connection."""

    def __init__(self, *, posix_rename: bool = True) -> None:
        self.key = paramiko.RSAKey.generate(2048)
        self._disk = _Disk if posix_rename else _DiskWithoutExtension
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._transports: list[paramiko.Transport] = []
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> SftpServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(5)
        self.cut()

    def cut(self) -> None:
        for transport in self._transports:
            transport.close()
        self._transports.clear()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return  # closed
            transport = paramiko.Transport(connection)
            transport.add_server_key(self.key)
            transport.set_subsystem_handler("sftp", paramiko.SFTPServer, self._disk)
            self._transports.append(transport)
            transport.start_server(event=threading.Event(), server=_Login())


def settings_for(server: SftpServer, folder: Path) -> dict[str, object]:
    from comptoir.connectors.files.sftp import fingerprint

    return {"folder": str(folder), "sftp_server": "127.0.0.1", "sftp_port": server.port, "sftp_user": USER,
            "sftp_password": PASSWORD, "sftp_fingerprint": fingerprint(server.key)}  # fmt: skip
