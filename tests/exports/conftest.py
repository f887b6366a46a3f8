"""The stored files of the real seeds, all formats."""

from pathlib import Path

import pytest
from flask import Flask

from api.exports import sets


@pytest.fixture(scope="session")
def stored(app: Flask) -> Path:
    """The folder of the one set."""
    state = app.extensions["foundling"]
    found = sets.find(state.files, sets.identity_of(state.latest(), state.generation, state.public_url))
    assert found is not None
    return found.folder
