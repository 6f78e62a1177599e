"""The machine: which core is whose, and what to say about it in a report."""

import datetime
import os
import platform
import re
import resource
import subprocess
from pathlib import Path

# Server and generator each have a core of their own, so that neither runs where the other's cache lines are.
_CORES = sorted(os.sched_getaffinity(0))
SERVER_CORES = {_CORES[0]}
GENERATOR_CORES = {_CORES[-1]}
# What a server with several threads may use; the generator's core is in it only if there are no others.
ALL_SERVER_CORES = set(_CORES[:-1]) if len(_CORES) > 2 else set(_CORES)


def raise_file_limit() -> int:
    """How many files a process may have open, raised as far as that is allowed."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def first_line(*command: str) -> str:
    """What a program says of its version; empty if it is not there."""
    try:
        output = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False).stdout
    except OSError:
        return ""
    return output.strip().split("\n")[0]


def _processor() -> str:
    match = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return match[1] if match else platform.machine()


def _memory_gib() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)


def _virtual() -> bool:
    return re.search(r"^flags.*\bhypervisor\b", Path("/proc/cpuinfo").read_text(), re.MULTILINE) is not None


def describe(compiler: str) -> dict[str, str]:
    return {
        "date": datetime.date.today().isoformat(),
        "processor": f"{_processor()}, {len(_CORES)} cores" + (" of a virtual machine" if _virtual() else ""),
        "memory": f"{_memory_gib()} GiB",
        "kernel": f"Linux {platform.release()}",
        "C++ compiler": f"{first_line(compiler, '--version')}, preset release",
        "Node.js": first_line("node", "--version"),
        "Rust": first_line("rustc", "--version"),
        "Go": first_line("go", "version").removeprefix("go version "),
    }
