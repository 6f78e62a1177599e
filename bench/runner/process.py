"""Programs that run beside the runner: started on cores of their own, waited for, and ended."""

import contextlib
import os
import re
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

# What every server of the bench says when it is ready.
LISTENING = r"listening on http://127\.0\.0\.1:(\d+)"


class Unavailable(Exception):
    """A server can't be had on this machine; the text says why."""


@contextlib.contextmanager
def running(
    command: list[str], ready: str, cores: set[int], ending: signal.Signals = signal.SIGKILL
) -> Iterator[tuple[int, str]]:
    """A process that has said that it is ready: its id and what the expression's group has matched.

    It gets the signal `ending` at the end, and ten seconds to follow it.
    """
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
    )
    watchdog = threading.Timer(20, process.kill)
    watchdog.start()
    try:
        found = _wait_for(process, ready)
        watchdog.cancel()
        yield process.pid, found
    finally:
        watchdog.cancel()
        process.send_signal(ending)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()
        process.stdout.close()


def _wait_for(process: subprocess.Popen, ready: str) -> str:
    for line in process.stdout:
        if match := re.search(ready, line):
            return match[1] if match.re.groups else ""
    raise RuntimeError(f"{Path(process.args[0]).name} has ended before it was ready")
