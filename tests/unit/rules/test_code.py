"""The digest of code, by which an edit reruns the rules whose script imports the edited module."""

import ast
import hashlib
import sys
from functools import cache
from modulefinder import ModuleFinder
from pathlib import Path
from types import SimpleNamespace

import pytest
from paths import ROOT

COMMON = ROOT / "workflow/rules/common.smk"
SCRIPTS = ROOT / "workflow/scripts"


def functions_of_common(rules: Path) -> SimpleNamespace:
    """The functions of common.smk in a folder of rules, and the files that `code` reads: `read`."""
    tree, read = ast.parse(COMMON.read_text()), []

    def source_path(name: str) -> str:
        read.append(name.removeprefix("../scripts/"))
        return str(rules / name)

    names = {"ast": ast, "hashlib": hashlib, "Path": Path, "cache": cache, "sys": sys}
    names["workflow"] = SimpleNamespace(source_path=source_path)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    exec(compile(ast.Module(functions, []), str(COMMON), "exec"), names)
    return SimpleNamespace(read=read, **{node.name: names[node.name] for node in functions})


@pytest.fixture
def shared() -> SimpleNamespace:
    """The functions of common.smk, and the files that `code` reads."""
    return functions_of_common(COMMON.parent)


@pytest.mark.parametrize("script", sorted(path.name for path in SCRIPTS.glob("*.py")))
def test_the_digest_reads_what_python_would_import(shared, script):
    shared.code(script)
    finder = ModuleFinder(path=[str(SCRIPTS)])  # another way than the workflow's
    finder.run_script(str(SCRIPTS / script))
    modules = {name for name in finder.modules if name.startswith("peaks2motifs.")}
    rooms = {name for name in modules if name.count(".") == 1}
    expected = {f"{name.replace('.', '/')}.py" for name in modules - rooms}
    expected |= {f"{name.replace('.', '/')}/__init__.py" for name in rooms}
    assert set(shared.read) == {script, "peaks2motifs/__init__.py"} | expected
    assert len(shared.read) == len(set(shared.read))


def test_the_digest_is_of_every_byte_read(shared, monkeypatch):
    digests, read_text = {shared.code("draw_logos.py")}, Path.read_text
    files = list(shared.read)
    for name in files:
        monkeypatch.setattr(
            Path, "read_text", lambda path, n=name: read_text(path) + "\n" * str(path).endswith(n)
        )
        shared.read_code.cache_clear()
        digests.add(shared.code("draw_logos.py"))
    assert len(digests) == len(files) + 1 > 3


def test_imports_within_functions_count_and_those_of_others_do_not(shared, tmp_path):
    source = "import numpy\nfrom os import path\nfrom peaks2motifs.data import fasta\n"
    source += "def f():\n    from peaks2motifs.core.tables import read_tsv\n"
    (tmp_path / "a.py").write_text(source)
    assert shared.read_code(tmp_path / "a.py") == (
        source,
        [
            "peaks2motifs/core/__init__.py",
            "peaks2motifs/core/tables.py",
            "peaks2motifs/data/__init__.py",
            "peaks2motifs/data/fasta.py",
        ],
    )


def test_all_checks_are_delivered_before_rules_use_them(shared):
    shared.code("../rules/check.smk")
    checks = {
        f"peaks2motifs/checks/{p.name}" for p in (SCRIPTS / "peaks2motifs/checks").glob("*.py")
    }
    assert set(shared.read) == {"../rules/check.smk", "peaks2motifs/__init__.py"} | checks


def test_only_one_rule_file_imports_the_library():
    texts = {path.name: path.read_text() for path in COMMON.parent.glob("*.smk")}
    assert [name for name, text in texts.items() if "\nfrom peaks2motifs" in text] == ["check.smk"]


def test_each_of_two_versions_in_one_process_has_its_own_library(tmp_path, monkeypatch):
    others = {name: module for name, module in sys.modules.items() if "peaks2motifs" in name}
    monkeypatch.setattr(sys, "path", list(sys.path))
    for version in ("first", "second", "first"):
        scripts = tmp_path / version / "scripts"
        for folder in (scripts / "peaks2motifs/room", scripts.parent / "rules"):
            folder.mkdir(parents=True, exist_ok=True)
        for name in ("__init__", "room/__init__", "room/module"):
            (scripts / f"peaks2motifs/{name}.py").write_text(f"VERSION = '{version}'\n")
        (scripts / "run_me.py").write_text("from peaks2motifs.room.module import VERSION\n")
        functions_of_common(tmp_path / version / "rules").open_library("run_me.py")
        import run_me
        from peaks2motifs.room import module

        assert run_me.VERSION == module.VERSION == version
    for name in [name for name in sys.modules if "peaks2motifs" in name or name == "run_me"]:
        del sys.modules[name]
    sys.modules.update(others)
