"""The law of the library: a room uses only the rooms before it."""

import ast

import pytest
from paths import ROOT

LIBRARY = ROOT / "workflow/scripts/peaks2motifs"
ROOMS = ["checks", "core", "data", "model", "motifs", "pages"]
USES = {room: set(ROOMS[: place + 1]) for place, room in enumerate(ROOMS)}
USES["simulate"] = {"core", "data", "simulate", "checks"}


def rooms_used(source: str) -> set[str]:
    """The rooms that a module imports from, at any depth."""
    imports = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    names = {f"{node.module}.{alias.name}" for node in imports for alias in node.names}
    return {name.split(".")[1] for name in names if name.startswith("peaks2motifs.")}


@pytest.mark.parametrize("room", USES)
def test_a_room_uses_only_those_before_it(room):
    used = {
        path.name: rooms_used(path.read_text()) - USES[room]
        for path in sorted((LIBRARY / room).glob("*.py"))
    }
    assert len(used) > 2
    assert not {name: others for name, others in used.items() if others}


def test_every_folder_is_a_room():
    assert {path.name for path in LIBRARY.iterdir() if path.suffix != ".py"} - {
        "__pycache__"
    } == set(USES)


def test_imports_are_seen_wherever_they_stand():
    source = "import x\ndef f():\n    from peaks2motifs.pages import page\n"
    source += "from peaks2motifs.core.tables import read_tsv\n"
    assert rooms_used(source) == {"pages", "core"}


def test_checks_need_python_alone():
    """Snakemake loads them: only it and its own dependencies are there."""
    known = {"yaml", "jsonschema", "peaks2motifs"}
    import sys

    for path in (LIBRARY / "checks").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert name.split(".")[0] in known | set(sys.stdlib_module_names), path.name
