"""A test of the bench itself: every case for an instant with a handful of clients. Nothing is timed."""

import math

from runner.cases import CASES, Case
from runner.servers import available
from runner.session import Plan, measure

_EXPECTED = (
    "units",
    "seconds",
    "per_s",
    "server_us_per_unit",
    "server_cpu",
    "generator_cpu",
    "p50_us",
    "p99_us",
    "lost",
)


def _complaint(case: Case, result: dict) -> str:
    """What is wrong with the output of a run; empty if nothing is."""
    if "error" in result:
        return result["error"]
    for name in (*_EXPECTED, *case.extra):
        value = result.get(name)
        if not isinstance(value, (int, float)) or not math.isfinite(value):
            return f"{name} is {value!r}"
    if result["lost"] != 0 or result["units"] <= 0:
        return f"{result['units']} units of work, {result['lost']} lost"
    return "" if result["p50_us"] <= result["p99_us"] else "the percentiles fall"


def run(wanted: list[str], say) -> int:
    servers = available(wanted, say)
    plan = Plan(list(CASES), servers, rounds=1, seconds=0.2, warm_up=0.05, smoke=True)
    failed = passed = 0
    for _, case, server in plan.runs():
        complaint = _complaint(case, measure(plan, case, server))
        failed += bool(complaint)
        passed += not complaint
        print(
            f"{'not ok' if complaint else 'ok'} {case.name} {server}{': ' if complaint else ''}{complaint}",
            flush=True,
        )
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0
