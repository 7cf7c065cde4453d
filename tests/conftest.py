"""Shared fixtures: the library on the path, and the real data where it is at hand."""

from pathlib import Path

import pytest
from paths import ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data that lies beside the project, or a skip."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"real data not found: no folder {folder.name} beside the project")
    return folder
