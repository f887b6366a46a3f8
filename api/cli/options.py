"""Options that several commands share."""

import os
from pathlib import Path
from typing import Any

import click

from api.settings import Settings, from_environ


def settings() -> Settings:
    """The settings of this process's environment."""
    return from_environ(os.environ)


def seeds_option(command: Any) -> Any:
    """--seeds, the directory of curated JSON; default FOUNDLING_SEEDS."""
    return click.option(
        "--seeds",
        type=click.Path(path_type=Path),
        default=lambda: settings().seeds,
        show_default="FOUNDLING_SEEDS, or ./seeds",
        help="Directory of the curated JSON.",
    )(command)


def data_option(command: Any) -> Any:
    """--data, the directory of rebuilt files; default FOUNDLING_DATA."""
    return click.option(
        "--data",
        type=click.Path(path_type=Path),
        default=lambda: settings().data,
        show_default="FOUNDLING_DATA, or ./var",
        help="Directory of what is rebuilt at need.",
    )(command)
