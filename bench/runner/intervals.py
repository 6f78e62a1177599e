"""Medians and how sure one can be of them, without assuming a distribution."""

import dataclasses
import math
import statistics


@dataclasses.dataclass(frozen=True)
class Spread:
    """The median of some values, its interval, and the extremes."""

    median: float
    low: float
    high: float
    minimum: float
    maximum: float
    count: int

    def is_sure(self) -> bool:
        """Whether the interval covers the true median with at least 95 %."""
        return self.count >= 6


def rank_of_interval(count: int) -> int:
    """The k of the sign test's interval.

    The k-th smallest and the k-th largest of `count` values enclose the true median with at least 95 %
    probability. With fewer than six values no two do; then k is 1.
    """
    rank, tail = 0, 0.0
    while True:
        tail += math.comb(count, rank) / 2**count
        if 2 * tail > 0.05:
            return max(rank, 1)
        rank += 1


def spread(values: list[float]) -> Spread:
    ordered = sorted(values)
    rank = rank_of_interval(len(ordered))
    return Spread(
        statistics.median(ordered), ordered[rank - 1], ordered[-rank], ordered[0], ordered[-1], len(ordered)
    )
