"""What goes wrong, in a thread of its own, from `start` to `stop`; everything that was broken is mended."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable


class Chaos(threading.Thread):
    """Calls one of `blows`, waits, and again. The first exception is kept and raised by `end`."""

    def __init__(self, blows: list[Callable[[], None]], seed: int, pause: tuple[float, float]) -> None:
        super().__init__(name="chaos", daemon=True)
        self._blows = blows
        self._chance = random.Random(seed)
        self._pause = pause
        self._over = threading.Event()
        self._calm = threading.Event()
        self._error: BaseException | None = None
        self.count = 0

    def run(self) -> None:
        try:
            while not self._over.wait(self._chance.uniform(*self._pause)):
                # Every kind in turn, so that a short drill has all of them; the moment is chance's.
                self._blows[self.count % len(self._blows)]()
                self.count += 1
        except BaseException as error:  # noqa: BLE001 - raised in the drill's own thread
            self._error = error
        self._calm.set()
        # A server that was started by this thread would end with it (`config.lifeline`): it stays.
        threading.Event().wait()

    def has_struck_each_way(self) -> bool:
        """Or will not any more: it failed."""
        return self.count >= len(self._blows) or self._calm.is_set()

    def last_one_ended(self) -> bool:
        """No further blow begins. One that is under way goes on, and may wait for what the day goes on to do."""
        self._over.set()
        return self._calm.is_set()

    def end(self) -> None:
        self._over.set()
        if not self._calm.wait(120):
            raise TimeoutError("a blow does not end")
        if self._error is not None:
            raise self._error


def until(seconds: float, true: Callable[[], bool], what: str) -> float:
    """How long it took; TimeoutError when it never came."""
    start = time.monotonic()
    while not true():
        if time.monotonic() - start > seconds:
            raise TimeoutError(f"{what}: not within {seconds:.0f} s")
        time.sleep(0.1)
    return time.monotonic() - start
