"""The workflow loaded as a module of another one: the same bytes, with another number of cores."""

import hashlib
import shutil
from pathlib import Path

from .conftest import ROOT, snakemake

SNAKEFILE = """
import yaml
from pathlib import Path

module peaks2motifs:
    snakefile: "{root}/Snakefile"
    config: yaml.safe_load(Path("own.yaml").read_text())

use rule * from peaks2motifs as p2m_*

rule everything:
    default_target: True
    input: rules.p2m_all.input
"""
DIFFERS = {"provenance.json"}  # it names the checked-out commit


def checksums(folder: Path) -> dict[str, str]:
    """SHA-256 of each file of a folder, by path."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in DIFFERS
    }


def test_a_module_makes_the_same_results_with_another_number_of_cores(demo, tmp_path):
    (tmp_path / "Snakefile").write_text(SNAKEFILE.format(root=ROOT))
    shutil.copy(ROOT / "config/config.yaml", tmp_path / "own.yaml")
    (tmp_path / "config").mkdir()
    shutil.copy(ROOT / "config/experiments.tsv", tmp_path / "config")
    snakemake(tmp_path, "--cores", "1")
    expected, found = checksums(demo / "results"), checksums(tmp_path / "results")
    assert set(found) == set(expected)
    assert [path for path in expected if found[path] != expected[path]] == []
