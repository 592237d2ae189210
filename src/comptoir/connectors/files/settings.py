"""The form of an ERP connected by files."""

from __future__ import annotations

from pathlib import PurePath
from typing import Annotated, Final

from comptoir.connectors.files.csv_profiles import CONTRACT_ITSELF, names
from comptoir.sdk.i18n import N_
from comptoir.sdk.settings import ConnectorSettings, Setting

SEPARATOR_MARKS: Final = {"semicolon": ";", "comma": ",", "tab": "\t"}
DECIMAL_MARKS: Final = {"point": ".", "comma": ","}

MAX_BATCH_SIZE: Final = 5000
_PROFILE_LABELS: Final = {
    CONTRACT_ITSELF: N_("Comptoir's own"),
    "tableur-fr": N_("French spreadsheet"),
    "import-parametrable": N_("Import that you map yourself"),
}
"""A profile that a merchant added is called by its name."""
_PROFILES: Final = tuple((name, _PROFILE_LABELS.get(name, name)) for name in names())


class FilesSettings(ConnectorSettings, frozen=True, kw_only=True):
    """`encoding`, `separator` and `decimal` are for what the hub writes with the profile `comptoir`; another
    profile brings its own. What is read says its own."""

    folder: Annotated[
        str,
        Setting(
            N_("Exchange folder"),
            help=N_("The folder that holds to_erp and from_erp, as this machine sees it."),
            kind="folder",
            placeholder="/srv/exchange/erp",
        ),
    ]
    profile: Annotated[
        str,
        Setting(
            N_("Profile of the files"),
            help=N_("Other than Comptoir's own: it sets the column names, encoding, separator and marks."),
            choices=_PROFILES,
        ),
    ] = CONTRACT_ITSELF
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
    journal_format: Annotated[
        str,
        Setting(
            N_("Format of accounting journals"),
            help=N_("For when journals are delivered here; the hub sends none by itself yet."),
            choices=(
                ("fec", N_("FEC-shaped, 18 columns")),
                ("ximport", "Sage 50 (XIMPORT.TXT)"),
                ("mecg", "Sage 100 (#MECG)"),
            ),
            advanced=True,
        ),
    ] = "fec"
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
        if self.profile == CONTRACT_ITSELF and self.decimal == self.separator:
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
