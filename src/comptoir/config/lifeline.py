"""Become another program that does not outlive the process which started it.

`python -I lifeline.py SIGNAL PARENT UID GID -- COMMAND…`: takes the account UID:GID (when not `-`), asks
the kernel for SIGNAL on the death of PARENT (Linux, prctl(2) PR_SET_PDEATHSIG), then *becomes* COMMAND:
same pid, no process in between. Run as a file of its own, by a fresh interpreter, because the usual
`preexec_fn` is not safe in a program that has threads. It imports nothing of Comptoir.

PR_SET_PDEATHSIG follows the *thread* that started the child: start children from a thread that lives.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from signal import Signals

PR_SET_PDEATHSIG = 1
PARENT_IS_GONE = 113


def with_lifeline(
    command: Sequence[str], signal: Signals, account: tuple[int, int] | None = None
) -> list[str]:
    """The command that runs `command` tied to this process, as `account` (uid, gid) when given."""
    uid, gid = (str(number) for number in account) if account else ("-", "-")
    me = str(Path(__file__).resolve())
    return [sys.executable, "-I", "-S", me, str(int(signal)), str(os.getpid()), uid, gid, "--", *command]


def take_account(uid: int, gid: int) -> None:
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def tie_to_parent(signal: int, parent: int) -> None:
    if sys.platform != "linux":
        return  # elsewhere a killed supervisor leaves orphans, which the next start clears
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != parent:
        sys.exit(PARENT_IS_GONE)  # it died before the kernel knew of us


def main(arguments: Sequence[str]) -> None:
    signal, parent, uid, gid, _, *command = arguments
    if uid != "-":
        take_account(int(uid), int(gid))
    tie_to_parent(int(signal), int(parent))
    os.execvp(command[0], command)  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[1:])
