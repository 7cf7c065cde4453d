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


# Unit tests that train, or that open a browser, take longest; of tests that need the demo, these.
LONGEST = ("test_training.py", "test_write_catalogue.py", "test_ablation.py")
LONGEST_OF_DEMO = ("test_reruns.py", "test_module.py", "test_joint.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the making of the demo first, then what does not need it; short unit tests last.

    So no worker waits for the demo while another makes it, and all workers end together.
    """
    need_demo = {item.path for item in items if "demo" in getattr(item, "fixturenames", ())}

    def turn(item: pytest.Item) -> tuple[int, bool]:
        name = item.path.name
        if name == "test_demo.py":
            return 0, False
        if "unit" in item.path.parts:
            return (2 if name in LONGEST else 4), False
        return (3, name not in LONGEST_OF_DEMO) if item.path in need_demo else (1, False)

    items.sort(key=turn)
