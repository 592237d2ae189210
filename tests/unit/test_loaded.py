"""What was loaded is not looked at again: nobody waits for it while a page is made."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import gc
import comptoir.config.wsgi
print(len(gc.get_objects()), gc.get_freeze_count())
"""


def test_the_web_server_sets_aside_what_it_loaded() -> None:
    told = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    looked_at, aside = map(int, told.stdout.split())
    assert aside > 100_000 > 10 * looked_at
