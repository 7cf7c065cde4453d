"""What all tests share: their order, and the real data if they are there."""

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


# Unit tests that train, or that open a browser, take longest.
LONGEST = ("test_training.py", "test_write_catalogue.py", "test_ablation.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the making of the demo first, then files that do not need it; short unit tests last.

    So no worker waits for the demo while another makes it, and all workers end together.
    """
    need_demo = {item.path for item in items if "demo" in getattr(item, "fixturenames", ())}

    def turn(item: pytest.Item) -> tuple[bool, bool, bool, bool]:
        name = item.path.name
        is_unit = "unit" in item.path.parts
        return is_unit, name != "test_demo.py", item.path in need_demo, name not in LONGEST

    items.sort(key=turn)
