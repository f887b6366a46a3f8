"""A real browser, one for all tests: the system's Chromium, driven by Playwright."""

import os
import shutil
from collections.abc import Iterator
from typing import NoReturn

import pytest
from playwright.sync_api import Browser, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--enable-unsafe-swiftshader",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        not_run("NOT RUN: no browser. apt-get install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


def not_run(reason: str) -> NoReturn:
    """Skips on a laptop; fails in CI, where a journey that silently did not happen would count as passed."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
