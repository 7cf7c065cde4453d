"""Published rules from kernels to motifs: in the chain, and beside one another on one model."""

import pytest
import yaml
from peaks2motifs.core.tables import SITE_COLUMNS, read_bed, read_tsv
from peaks2motifs.motifs.meme import read_meme

from .conftest import copy_demo, edited_module, snakemake
from .test_reruns import PAGES, planned

MOTIFS = {"rule": "basset", "compare": ["factornet", "raw", "scan"]}
DERIVED = "describe_kernels group_families ablate_kernels name_motifs"
TARGETS = ["results/SRF/rules.tsv", "results/SRF/families.tsv"]


@pytest.fixture(scope="module")
def compared(demo, tmp_path_factory):
    """A copy of the demo in which SRF's motifs are those of another rule."""
    folder = copy_demo(demo, tmp_path_factory.mktemp("rules") / "demo")
    use(folder, MOTIFS)
    snakemake(folder, *TARGETS, "--cores", "2")
    return folder


def use(folder, motifs):
    config = yaml.safe_load((folder / "config/config.yaml").read_text()) | {"motifs": motifs}
    (folder / "config/config.yaml").write_text(yaml.safe_dump(config))


def test_another_rule_finds_the_planted_motif(compared):
    first = read_tsv(compared / "results/SRF/families.tsv").iloc[0]
    assert first["target_name"] == "SRF"
    assert first["verdict"] == "supported"
    assert len(read_bed(compared / "results/SRF/sites.bed.gz", SITE_COLUMNS)) > 0


def test_rules_are_laid_side_by_side(compared):
    table = read_tsv(compared / "results/SRF/rules.tsv").set_index("rule")
    assert table.index.tolist() == ["basset", "factornet", "raw", "scan"]
    assert table["kernels"].nunique() == 1
    assert (table["matched"] > 0).all()
    assert table["same_target"]["basset"] == table["matched"]["basset"]
    for rule, row in table.iterrows():
        motifs = read_meme(str(compared / f"results/SRF/rules/{rule}.meme"))[0]
        assert len(motifs) == row["motifs"]
        assert all(motif.name.endswith("_raw") == (rule == "raw") for motif in motifs)
    assert (compared / "results/SRF/plots/rules.svg").read_text().count("<svg ") > len(table)


@pytest.mark.parametrize(
    ("motifs", "rules"),
    [
        (MOTIFS | {"basset_trim": True}, f"find_sites compare_rules {DERIVED}"),
        (MOTIFS | {"eugene_above": 0.5}, ""),
        (MOTIFS | {"compare": ["raw", "scan"]}, "compare_rules"),
        (MOTIFS | {"max_families": 2}, "compare_rules group_families ablate_kernels name_motifs"),
    ],
)
def test_an_option_of_a_rule_reruns_what_it_touches(compared, motifs, rules):
    use(compared, motifs)
    printed = snakemake(compared, *TARGETS, "--dry-run")
    assert planned(printed) - PAGES == set(rules.split())


@pytest.mark.parametrize("module", ["motifs/rule_comparison", "motifs/model_maps"])
def test_an_edit_of_a_module_reruns_what_imports_it(compared, module):
    use(compared, MOTIFS)
    with edited_module(compared, module):
        again = planned(snakemake(compared, *TARGETS, "--dry-run"), "Params have changed")
    assert again == {"compare_rules" if module == "motifs/rule_comparison" else "find_sites"}
