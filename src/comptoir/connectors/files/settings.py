"""The form of an ERP connected by files."""

from __future__ import annotations

from pathlib import PurePath
from typing import Annotated, Final

from comptoir.sdk.i18n import N_
from comptoir.sdk.settings import ConnectorSettings, Setting

SEPARATOR_MARKS: Final = {"semicolon": ";", "comma": ",", "tab": "\t"}
DECIMAL_MARKS: Final = {"point": ".", "comma": ","}

MAX_BATCH_SIZE: Final = 5000


class FilesSettings(ConnectorSettings, frozen=True, kw_only=True):
    """`encoding`, `separator` and `decimal` are for what the hub writes: what it reads says its own."""

    folder: Annotated[
        str,
        Setting(
            N_("Exchange folder"),
            help=N_("The folder that holds to_erp and from_erp, as this machine sees it."),
            kind="folder",
            placeholder="/srv/exchange/erp",
        ),
    ]
    encoding: Annotated[
        str,
        Setting(
            N_("Encoding of the files that we write"),
            choices=(
                ("utf-8", "UTF-8"),
                ("cp1252", "Windows-1252"),
                ("cp850", "DOS CP850"),
                ("iso-8859-15", "ISO-8859-15"),
            ),
        ),
    ] = "utf-8"
    separator: Annotated[
        str,
        Setting(
            N_("Column separator"),
            choices=(("semicolon", N_("Semicolon")), ("comma", N_("Comma")), ("tab", N_("Tab"))),
        ),
    ] = "semicolon"
    decimal: Annotated[
        str, Setting(N_("Decimal mark"), choices=(("point", N_("Point")), ("comma", N_("Comma"))))
    ] = "point"
    sftp_server: Annotated[
        str,
        Setting(
            N_("SFTP server"),
            help=N_("Empty: the folder is on this machine."),
            placeholder="sftp.example.com",
        ),
    ] = ""
    sftp_port: Annotated[int, Setting(N_("SFTP port"), advanced=True)] = 22
    sftp_user: Annotated[str, Setting(N_("SFTP user"))] = ""
    sftp_password: Annotated[str, Setting(N_("SFTP password"), secret=True)] = ""
    sftp_key: Annotated[
        str,
        Setting(
            N_("SFTP private key"),
            help=N_("OpenSSH text of the key; empty: the password."),
            secret=True,
            advanced=True,
        ),
    ] = ""
    sftp_fingerprint: Annotated[
        str,
        Setting(
            N_("Fingerprint of the server"),
            help=N_("SHA256:… as the server's administrator gives it."),
            placeholder="SHA256:…",
        ),
    ] = ""
    gap_alarm_minutes: Annotated[
        int,
        Setting(
            N_("Report a missing file after (minutes)"),
            help=N_("The files behind it wait: nothing is ever skipped."),
            advanced=True,
        ),
    ] = 60
    batch_size: Annotated[int, Setting(N_("Orders in one file, at most"), advanced=True)] = 200

    def problems(self) -> dict[str, str]:
        found = {}
        if not PurePath(self.folder).is_absolute():
            found["folder"] = N_("Give the whole path, from the root of the disk.")
        if self.decimal == self.separator:
            found["decimal"] = N_("The comma already separates the columns.")
        if self.gap_alarm_minutes < 1:
            found["gap_alarm_minutes"] = N_("One minute at least.")
        if not 1 <= self.batch_size <= MAX_BATCH_SIZE:
            found["batch_size"] = N_("Between 1 and 5000.")
        if self.sftp_server:
            if not self.sftp_user or not (self.sftp_password or self.sftp_key):
                found["sftp_user"] = N_("A server needs a user, and a password or a key.")
            if not self.sftp_fingerprint.startswith("SHA256:"):
                found["sftp_fingerprint"] = N_("Give the server's fingerprint: SHA256:…")
        return found
