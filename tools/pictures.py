"""Renew the pictures of the README and the guides: `.venv/bin/python tools/pictures.py [NAME …]` (needs Chromium).

They are taken of the little shop of the tests (`tests/web/shop.py`), at a fixed hour, by `tests/e2e/pictures.py`,
which lists them; names such as `orders` or `offers-fr` take those alone.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TAKEN_BY = "tests/e2e/pictures.py"


def main(names: list[str]) -> int:
    chromium = subprocess.run(  # noqa: S603 - our own program
        [ROOT / "tools/find-chromium"], capture_output=True, text=True, check=False
    )
    if chromium.returncode:
        sys.exit("There is no Chromium: apt install chromium")
    command = [sys.executable, "-m", "pytest", "-q", TAKEN_BY, "-k", " or ".join(names)]
    environment = os.environ | {"COMPTOIR_CHROMIUM": chromium.stdout.strip(), "CI": "true"}
    return subprocess.run(  # noqa: S603 - our own tests
        command, cwd=ROOT, env=environment, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
