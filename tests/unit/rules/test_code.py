"""The digest of code, by which an edit reruns the rules whose script imports the edited module."""

import ast
import hashlib
from functools import cache
from modulefinder import ModuleFinder
from pathlib import Path
from types import SimpleNamespace

import pytest
from paths import ROOT

COMMON = ROOT / "workflow/rules/common.smk"
SCRIPTS = ROOT / "workflow/scripts"


@pytest.fixture
def shared() -> SimpleNamespace:
    """The functions `code` and `read_code` of common.smk, and the files that `code` reads."""
    tree = ast.parse(COMMON.read_text().split("\nVERSION = ")[0])
    read = []

    def source_path(name: str) -> str:
        read.append(name.removeprefix("../scripts/"))
        return str(COMMON.parent / name)

    names = {"ast": ast, "hashlib": hashlib, "Path": Path, "cache": cache}
    names["workflow"] = SimpleNamespace(source_path=source_path)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    exec(compile(ast.Module(functions, []), str(COMMON), "exec"), names)
    return SimpleNamespace(read=read, code=names["code"], read_code=names["read_code"])


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
