"""How long `foundling check` takes over the real seeds; run it with the project's Python."""

import statistics
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from api.curation.check import check

SEEDS = Path(__file__).parents[2] / "seeds"
ROUNDS = 5


def main() -> None:
    """Prints the median of some rounds, and the rate."""
    seconds = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        checked = check(SEEDS, today=datetime.now(UTC).date())
        seconds.append(time.perf_counter() - begun)
    incidents, median = checked.incidents, statistics.median(seconds)
    sys.stdout.write(f"{incidents} incidents: {median:.2f} s, {incidents / median:.0f} a second\n")


if __name__ == "__main__":
    main()
