"""What the connector asks of a shared folder. A local disk is one, an SFTP server can be another.

Names are those of `contract.PairName`, never a path; places are those of `contract.Place`.
TransientError: the folder does not answer now. ConfigurationError: it is not there, or rights are missing.
"""

from __future__ import annotations

from io import BufferedReader
from typing import Protocol

from comptoir.connectors.files.contract import Place


class Folder(Protocol):
    def names(self, place: Place) -> list[str]:
        """Plain files of the place, hidden ones and links left out, sorted."""
        ...

    def holds(self, place: Place, name: str) -> bool: ...

    def open(self, place: Place, name: str) -> BufferedReader | None:
        """The file for reading, seekable, to be closed by the caller; None when it is not there."""
        ...

    def write(self, place: Place, name: str, content: bytes) -> None:
        """All or nothing: after it the file is whole and survives a power cut; a failure leaves no trace."""
        ...

    def move(self, name: str, source: Place, target: Place) -> None:
        """Rename, over a file of that name if there is one. Without a file in `source` nothing happens."""
        ...

    def probe(self, place: Place) -> None:
        """Prove that the place is there and that files can be written and removed."""
        ...

    def prepare(self, place: Place) -> None:
        """Create the place inside its parent, which must be there."""
        ...


def read(folder: Folder, place: Place, name: str) -> bytes | None:
    """The whole of a small file; None when it is not there."""
    stream = folder.open(place, name)
    if stream is None:
        return None
    with stream:
        return stream.read()
