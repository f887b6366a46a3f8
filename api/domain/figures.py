"""Claims of one measure, reduced to what totals need: three numbers, a currency, and what each claim stands for."""

import math
from collections.abc import Sequence
from typing import Literal, NamedTuple, get_args

Choice = Literal["best", "min", "max", "latest"]
"""Which of an incident's claims of one measure counts, where there are several."""

CHOICES: tuple[Choice, ...] = get_args(Choice)

BEST, LEAST, GREATEST, LATEST, DISPUTED = (1 << bit for bit in range(5))
"""What a claim is among those of its incident, measure and currency. DISPUTED stands beside BEST."""

MARK: dict[Choice, int] = {"best": BEST, "min": LEAST, "max": GREATEST, "latest": LATEST}


class Claim(NamedTuple):
    """One claim; `currency` is empty for what is no money, a number that it does not give is None.

    Of the claims of one incident, measure and currency, each mark but DISPUTED is borne by exactly one.
    """

    measure: str
    currency: str
    low: float | None
    best: float | None
    high: float | None
    marks: int

    def numbers(self) -> list[float]:
        """Those that it gives, at least one, in ascending order."""
        return [number for number in (self.low, self.best, self.high) if number is not None]


def exclude_each_other(claims: Sequence[Claim]) -> bool:
    """Whether no number fits every claim. A missing end is the best value; without one it is open."""
    floors = (_first(claim.low, claim.best, -math.inf) for claim in claims)
    ceilings = (_first(claim.high, claim.best, math.inf) for claim in claims)
    return max(floors) > min(ceilings)


def _first(end: float | None, best: float | None, otherwise: float) -> float:
    return end if end is not None else best if best is not None else otherwise
