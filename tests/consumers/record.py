"""`make consumers`: every tool that is to be had here opens the data, and what was proven is written down.

It runs what the tests run and, beyond that, what needs large programs (marked `by_hand`). A tool that is missing here
keeps what was proven before.
"""

import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import cast, get_args

import pytest

from api.consumers.proven import FILE, PROVEN, How, Proof, write
from api.consumers.tools import TOOLS

RECORDER = "consumers-recorder"


class Recorder:
    """Collects what tests note as proven; its presence lets those run that are made by hand."""

    def __init__(self) -> None:
        self.found: dict[str, dict[How, list[str]]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Takes the notes of a test that passed."""
        if report.when != "call" or not report.passed:
            return
        for name, value in report.user_properties:
            if name == "proof":
                key, how, with_ = cast("tuple[str, How, str]", value)  # what the fixture wrote
                of_tool = self.found.setdefault(key, {})
                if with_ not in of_tool.setdefault(how, []):
                    of_tool[how].append(with_)


def main() -> int:
    """The exit code; nothing is written when a test failed."""
    recorder = Recorder()
    plugins: list[object] = [_named(recorder)]
    code = pytest.main(["-q", "-rs", str(Path(__file__).parent)], plugins=plugins)
    if code != pytest.ExitCode.OK:
        return int(code)
    today = datetime.now(UTC).date().isoformat()
    proofs = {tool.key: PROVEN[tool.key] for tool in TOOLS if tool.key in PROVEN}
    for key, found in recorder.found.items():
        how = next(how for how in get_args(How) if how in found)  # what ran outweighs rules
        proofs[key] = Proof(how, ", ".join(found[how]), today)
    FILE.write_text(write(proofs), encoding="utf-8")
    for tool in TOOLS:
        print(f"{tool.name:32} {proofs.get(tool.key, 'NOT RUN')}")  # noqa: T201 - a command's output
    print(f"Wrote {FILE.name}; `foundling openapi --write` puts it into docs/consumers.md.")  # noqa: T201
    return 0


def _named(recorder: Recorder) -> object:
    class Plugin:
        def pytest_configure(self, config: pytest.Config) -> None:
            config.pluginmanager.register(recorder, RECORDER)

    return Plugin()


def version(text: str) -> str:
    """The first version number in what a program says of itself."""
    found = re.search(r"\d+(?:\.\d+)+", text)
    assert found, text
    return found.group()


if __name__ == "__main__":
    sys.exit(main())
