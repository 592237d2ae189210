"""Real programs, started, killed and stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import comptoir
from comptoir.config.problems import StartupProblem
from comptoir.config.supervision import ChildSpec, StopAsked, Supervisor
from comptoir.config.supervision.backoff import Backoff
from comptoir.config.supervision.rolling_log import RollingLog

SOURCES = Path(comptoir.__file__).parent.parent
SLEEPER = "import time; print('up', flush=True); time.sleep(600)"
DEAF = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"


def spec(name: str, script: str, **more: object) -> ChildSpec:
    return ChildSpec(name, [sys.executable, "-c", script], dict(os.environ), **more)  # type: ignore[arg-type]


class Told(list[tuple[str, str]]):
    """What the supervisor said."""

    def say(self, name: str, line: str) -> None:
        self.append((name, line))


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def supervisor(tmp_path: Path, told: Told) -> Iterator[Supervisor]:
    made = Supervisor(tmp_path, told.say, Backoff(first=0.05))
    yield made
    made.stop()


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


def exists(pid: int) -> bool:
    """A zombie nobody has reaped yet is gone all the same."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def watch_until(supervisor: Supervisor, condition: Callable[[], bool]) -> None:
    """Run the watch in this thread, stopped from its own pauses once `condition` holds."""
    deadline = time.monotonic() + 20

    def pause(seconds: float) -> None:
        if condition() or time.monotonic() > deadline:
            supervisor.ask_to_stop()
        time.sleep(0.01)

    supervisor._pause = pause
    supervisor.watch()
    assert condition(), "waited too long"


def test_a_child_that_is_killed_is_started_again(supervisor: Supervisor, told: Told) -> None:
    child = supervisor.start(spec("web", SLEEPER))
    first = child.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    watch_until(supervisor, lambda: child.alive() and child.pid != first)
    assert any(name == "web" and "starts again" in line for name, line in told)


def test_a_child_that_dies_at_once_is_tried_less_and_less_often() -> None:
    backoff = Backoff(first=0.5, longest=30, healthy=60)
    deaths, delays = 0, []
    for _ in range(9):
        deaths = backoff.deaths_in_a_row(deaths, lived=1)
        delays.append(backoff.delay(deaths))
    assert delays == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    assert backoff.delay(backoff.deaths_in_a_row(deaths, lived=61)) == 0.5


def test_what_a_child_says_is_in_its_log_and_on_the_console(
    supervisor: Supervisor, told: Told, tmp_path: Path
) -> None:
    supervisor.run(spec("job", "print('bonjour é'); print('adieu')"))
    wait_until(lambda: ("job", "adieu") in told)
    assert (tmp_path / "job.log").read_text().splitlines() == ["bonjour é", "adieu"]


def test_a_child_that_dies_while_starting_is_told_with_its_last_words(supervisor: Supervisor) -> None:
    never = spec("web", "print('no module named x'); raise SystemExit(3)", ready=lambda pid: False)
    with pytest.raises(
        StartupProblem, match=r"(?s)`web` stopped while starting \(code 3\).*no module named x"
    ):
        supervisor.start(never)


def test_a_child_that_never_gets_ready_is_told(supervisor: Supervisor) -> None:
    with pytest.raises(StartupProblem, match="not ready after 0 seconds"):
        supervisor.start(spec("web", SLEEPER, ready=lambda pid: False, ready_seconds=0.2))


def test_a_job_that_fails_is_told(supervisor: Supervisor) -> None:
    with pytest.raises(StartupProblem, match="code 1"):
        supervisor.run(spec("migrate", "raise SystemExit(1)"))


def test_children_stop_in_the_reverse_order_and_the_deaf_are_killed(tmp_path: Path, told: Told) -> None:
    supervisor = Supervisor(tmp_path, told.say)
    first = supervisor.start(spec("first", SLEEPER))
    deaf = supervisor.start(spec("deaf", DEAF, stop_seconds=0.3))
    wait_until(lambda: ("deaf", "up") in told and ("first", "up") in told)
    seen: list[tuple[str, bool]] = []
    stop = first.stop
    first.stop = lambda: (seen.append(("first", deaf.alive())), stop())[1]  # type: ignore[method-assign]
    supervisor.stop()
    assert seen == [("first", False)], "the last started is gone before the first is asked"
    assert deaf.exit_code() == -signal.SIGKILL
    assert first.exit_code() == -signal.SIGTERM


def test_grandchildren_go_with_their_parent(supervisor: Supervisor, told: Told) -> None:
    script = (
        "import subprocess, time; print(subprocess.Popen(['sleep', '600']).pid, flush=True); time.sleep(600)"
    )
    child = supervisor.start(spec("parent", script))
    wait_until(lambda: bool(told))
    grandchild = int(told[0][1])
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    first = child.pid
    watch_until(supervisor, lambda: child.pid != first)
    wait_until(lambda: not exists(grandchild))


def test_a_stop_asked_while_starting_interrupts_the_start(tmp_path: Path, told: Told) -> None:
    supervisor = Supervisor(tmp_path, told.say, pause=lambda seconds: supervisor.ask_to_stop())
    with pytest.raises(StopAsked):
        supervisor.start(spec("web", SLEEPER, ready=lambda pid: False))
    supervisor.stop()


SUPERVISING = """
import sys; from pathlib import Path
from comptoir.config.supervision import ChildSpec, Supervisor, stopped_by_signals
import os
supervisor = Supervisor(Path(sys.argv[1]), lambda name, line: None)
with stopped_by_signals(supervisor):
    script = "import time; time.sleep(600)"
    command = [sys.executable, "-c", script]
    children = [supervisor.start(ChildSpec(name, command, dict(os.environ))) for name in "ab"]
    print(*(child.pid for child in children), flush=True)
    supervisor.watch()
print("stopped in order", flush=True)
"""


def supervise_elsewhere(folder: Path) -> tuple[subprocess.Popen[str], list[int]]:
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISING, str(folder)],
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, [int(word) for word in process.stdout.readline().split()]


@pytest.mark.parametrize("order", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_everything_in_order(tmp_path: Path, order: signal.Signals) -> None:
    process, children = supervise_elsewhere(tmp_path)
    assert len(children) == 2
    process.send_signal(order)
    said, _ = process.communicate(timeout=20)
    assert said == "stopped in order\n"
    assert process.returncode == 0
    assert not any(exists(pid) for pid in children)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's help is Linux's")
def test_children_do_not_outlive_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    process, children = supervise_elsewhere(tmp_path)
    assert all(exists(pid) for pid in children)
    process.kill()
    process.communicate(timeout=20)
    wait_until(lambda: not any(exists(pid) for pid in children))


def test_a_log_is_rolled_before_it_fills_the_disk(tmp_path: Path) -> None:
    log = RollingLog(tmp_path / "web.log", limit=10)
    for line in (b"12345678\n", b"abcdefgh\n", b"ABCDEFGH\n"):
        log.write(line)
    log.close()
    assert (tmp_path / "web.log.1").read_bytes() == b"12345678\nabcdefgh\n"
    assert (tmp_path / "web.log").read_bytes() == b"ABCDEFGH\n"
