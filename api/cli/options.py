"""Options that several commands share."""

import os
from pathlib import Path
from typing import Any

import click

from api.settings import Settings, from_environ, variable

REMAINS = 3
"""The exit code while redacted text is left in the database's files."""


def settings() -> Settings:
    """The settings of this process's environment."""
    return from_environ(os.environ)


def seeds_option(command: Any) -> Any:
    """--seeds, the directory of curated JSON; default FOUNDLING_SEEDS."""
    return _directory("seeds", "Directory of the curated JSON.")(command)


def data_option(command: Any) -> Any:
    """--data, the directory of rebuilt files; default FOUNDLING_DATA."""
    return _directory("data", "Directory of what is rebuilt at need.")(command)


def _directory(setting: str, meaning: str) -> Any:
    return click.option(
        f"--{setting}",
        type=click.Path(path_type=Path),
        default=lambda: getattr(settings(), setting),
        show_default=f"{variable(setting)}, or ./{getattr(Settings(), setting)}",
        help=meaning,
    )
