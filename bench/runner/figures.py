"""The figures behind the report: for each case, server and quantity the values of the rounds."""

import json
from pathlib import Path

from runner.intervals import Spread, spread

Series = dict[int, float]

_KEPT = (
    "server_us_per_unit",
    "per_s",
    "server_cpu",
    "generator_cpu",
    "kib_per_connection",
    "p50_us",
    "p99_us",
    "before_p99_us",
    "growth_kib_per_slow_reader",
    "slow_readers_dropped",
    "beside_us_per_unit",
    "redis_bytes_per_message",
    "redis_bytes_per_session",
    "deliveries_per_s",
    "messages_per_transaction",
    "seconds_until_back",
    "max_us",
    "generator_late_p99_us",
)


class Figures:
    """Kept in a file of the repository, so that a part can be measured anew without the rest."""

    def __init__(self, data: dict | None = None):
        self.data = data or {"machine": {}, "servers": {}, "cases": {}}

    @staticmethod
    def load(path: Path) -> "Figures":
        return Figures(json.loads(path.read_text())) if path.exists() else Figures()

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        cases = ",\n".join(
            f"{json.dumps(name)}: {_case_text(case)}" for name, case in self.data["cases"].items()
        )
        head = json.dumps({"machine": self.data["machine"], "servers": self.data["servers"]}, indent=1)
        path.write_text(f'{head[:-2]},\n "cases": {{\n{cases}\n}}}}\n')

    def replace(self, runs: list[dict], date: str) -> None:
        """Takes the runs of a session; what was there of their cases and servers goes."""
        cases = self.data["cases"]
        for run in runs:
            cases.get(run["case"], {"servers": {}})["servers"].pop(run["server"], None)
        for run in runs:
            case = cases.setdefault(run["case"], {"servers": {}})
            case["date"] = date
            entry = case["servers"].setdefault(run["server"], {"limits": [], "errors": [], "values": {}})
            if "error" in run:
                entry["errors"].append(run["error"])
                continue
            case["unit"] = run["unit"]
            entry["limits"].append(run["limit"])
            for name in _KEPT:
                if name in run:
                    entry["values"].setdefault(name, {})[str(run["round"])] = float(f"{run[name]:.5g}")

    def has(self, case: str, server: str) -> bool:
        return bool(self.data["cases"].get(case, {}).get("servers", {}).get(server, {}).get("values"))

    def series(self, case: str, server: str, quantity: str) -> Series:
        entry = self.data["cases"].get(case, {}).get("servers", {}).get(server, {})
        return {int(number): value for number, value in entry.get("values", {}).get(quantity, {}).items()}

    def spread(self, case: str, server: str, quantity: str) -> Spread | None:
        values = list(self.series(case, server, quantity).values())
        return spread(values) if values else None


def ratio(above: Series, below: Series) -> Spread | None:
    """The spread of the ratios within rounds: what disturbs a whole round cancels out."""
    values = [value / below[number] for number, value in above.items() if below.get(number)]
    return spread(values) if values else None


def _case_text(case: dict) -> str:
    servers = ",\n".join(
        f"  {json.dumps(name)}: {json.dumps(entry)}" for name, entry in case["servers"].items()
    )
    head = {key: value for key, value in case.items() if key != "servers"}
    return f'{json.dumps(head)[:-1]}, "servers": {{\n{servers}}}}}'
