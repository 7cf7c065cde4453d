"""The law of the library: a room uses only the rooms before it."""

import ast
import sys

import pytest
from paths import ROOT

LIBRARY = ROOT / "workflow/scripts/peaks2motifs"
ROOMS = ["checks", "core", "data", "model", "motifs", "pages"]
USES = {room: set(ROOMS[: place + 1]) for place, room in enumerate(ROOMS)}
USES["simulate"] = {"core", "data", "simulate", "checks"}


def imported_names(source: str) -> set[str]:
    """The full names of what a module imports, at any depth; relative ones begin with a dot."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (f"{node.module}." if node.module else "")
            names |= {module + alias.name for alias in node.names}
    return names


def rooms_used(source: str) -> set[str]:
    """The rooms that a module imports from; `*` for the library as a whole."""
    parts = [name.split(".") for name in imported_names(source)]
    return {(name[1:] or ["*"])[0] for name in parts if name[0] == "peaks2motifs"}


def forbidden_imports(source: str) -> set[str]:
    """What no module of the library imports: Snakemake, and anything by a relative name."""
    return {name for name in imported_names(source) if name.split(".")[0] in ("", "snakemake")}


def wrong_imports(source: str, room: str) -> set[str]:
    """What a module of this room must not import."""
    return (rooms_used(source) - USES[room]) | forbidden_imports(source)


@pytest.mark.parametrize("room", USES)
def test_a_room_uses_only_those_before_it(room):
    wrong = {
        path.name: wrong_imports(path.read_text(), room)
        for path in sorted((LIBRARY / room).glob("*.py"))
    }
    assert len(wrong) > 2
    assert not {name: others for name, others in wrong.items() if others}


def test_every_folder_is_a_room():
    assert {path.name for path in LIBRARY.iterdir() if path.suffix != ".py"} - {
        "__pycache__"
    } == set(USES)


def test_imports_are_seen_wherever_they_stand():
    source = "import x\ndef f():\n    from peaks2motifs.pages import page\n"
    source += "from peaks2motifs.core.tables import read_tsv\n"
    assert rooms_used(source) == {"pages", "core"}


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        ("from peaks2motifs.pages import numbers", {"pages"}),
        ("from peaks2motifs.pages.numbers import count", {"pages"}),
        ("from peaks2motifs import core, pages", {"pages"}),
        ("from peaks2motifs import *", {"*"}),
        ("import peaks2motifs", {"*"}),
        ("import peaks2motifs.pages.numbers", {"pages"}),
        ("import numpy, peaks2motifs.pages.numbers as n", {"pages"}),
        ("if x:\n    import peaks2motifs.pages", {"pages"}),
        ("from ..pages import numbers", {"..pages.numbers"}),
        ("from .. import pages", {"..pages"}),
        ("from . import splits", {".splits"}),
        ("import snakemake", {"snakemake"}),
        ("import snakemake.utils as utils", {"snakemake.utils"}),
        ("from snakemake.utils import validate", {"snakemake.utils.validate"}),
    ],
)
def test_wrong_imports_are_seen_in_every_form(source, wrong):
    assert wrong_imports(source, "data") == wrong


@pytest.mark.parametrize(
    "source",
    [
        "from peaks2motifs.core.tables import read_tsv",
        "import peaks2motifs.data.splits",
        "import peaks2motifs_other.pages",
        "from snakemake_logger import log",
        "import numpy",
    ],
)
def test_other_imports_are_allowed(source):
    assert wrong_imports(source, "data") == set()


def test_checks_need_python_alone():
    """Snakemake loads them: only it and its own dependencies are there."""
    known = {"yaml", "jsonschema", "peaks2motifs"} | set(sys.stdlib_module_names)
    for path in (LIBRARY / "checks").glob("*.py"):
        assert {name.split(".")[0] for name in imported_names(path.read_text())} <= known, path.name
