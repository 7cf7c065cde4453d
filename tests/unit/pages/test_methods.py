"""The paragraphs on methods say what the options made true, and nothing else."""

import re

import pytest
import yaml
from made_study import SCHEMA, STUDY, TRAINED, fill
from paths import ROOT
from peaks2motifs.pages.citations import CITATIONS, cite
from peaks2motifs.pages.methods import describe

SCHEMAS = ROOT / "workflow/schemas"
PRESETS = yaml.safe_load((SCHEMAS / "presets.yaml").read_text())
STUDY |= {"version": "0.1.0", "snakemake": "9.27.1", "seed": 7}
TRAINED |= {"loss": "binary cross-entropy", "kmers": True}
ROWS = [{"peaks": 436, "auroc": 0.95}, {"peaks": 1400, "auroc": 0.9}]


def written(study=None, trained=None, preset="scan", **options) -> str:
    """The paragraphs and references for a preset, and options by section."""
    base = PRESETS[preset]
    sections = {name: base.get(name, {}) | options.pop(name, {}) for name in ("model", "training")}
    sections["model"]["preset"] = preset
    study = STUDY | {"network": base["network"]} | (study or {})
    trained = [TRAINED | each for each in trained or [{}]]
    paragraphs, references = describe(fill(SCHEMA, sections | options), study, trained, ROWS)
    return "\n".join([*paragraphs, *references])


def test_citations_are_numbered_by_first_mention():
    text, references = cite(["a [gkm], b [danq, gkm]", "c [danq], d [x y]"])
    assert text == ["a [1], b [2, 1]", "c [2], d [x y]"]
    assert references == [f"1. {CITATIONS['gkm']}", f"2. {CITATIONS['danq']}"]
    with pytest.raises(KeyError):
        cite(["[nobody]"])


def test_the_default():
    text = written()
    for words in (
        "For 3 experiments, peaks were made into windows of 200 bp",
        "more than 10% unknown bases or in blacklisted regions or that shared more than 80%",
        "Background was 5 windows of the genome per peak",
        "chromosomes with about 15% of the peaks for validation",
        "48 of 8 bp and 32 of 16 bp; relu",
        "3 such networks were trained",
        "Each experiment or class has 436 to 1,400 positive windows.",
        "area under the ROC curve was 0.900 to 0.950",
        "at most 10% of training background",
        "JASPAR 2026 (CORE)",
        "Keras 3.15.1",
        "TensorFlow 2.21.0",
        "(CPU)",
        "Snakemake 9.27.1",
        "with seed 7",
        "gapped k-mers",
        "Mölder F",
        "DeLong ER",
        "doi:10.1371/journal.pcbi.1003711",
        "doi:10.1093/nar/gkaf1209",
    ):
        assert words in text
    for words in (
        "One model",
        "pysster",
        "TF-MoDISco",
        "labelled",
        "momentum",
        "shuffled sequence",
    ):
        assert words not in text


@pytest.mark.parametrize(
    ("options", "there", "absent"),
    [
        ({"trained": [{"kmers": False}]}, [], ["k-mers", "Ghandi"]),
        ({"model": {"zones": [], "hidden": 0}}, ["and weighed them linearly"], ["in zones"]),
        (
            {"trained": [{}, {"kmers": False, "loss": "categorical cross-entropy"}]},
            ["on binary cross-entropy and categorical cross-entropy", "in models of peaks against"],
            [],
        ),
        ({"study": {"strategies": ["dinucleotide_shuffle"]}}, ["Altschul"], ["GC fraction"]),
        ({"study": {"strategies": ["bed", "genomic_gc"]}}, ["In some, background was"], []),
        (
            {"study": {"blacklist": False}, "windows": {"max_overlap": 1}},
            [],
            ["blacklist", "weaker"],
        ),
        ({"windows": {"max_peaks": 5000}}, ["the 5,000 strongest peaks"], []),
        ({"splits": {"test": ["chr8", "chr9"]}}, ["chr8 and chr9 for testing"], []),
        ({"splits": {"strategy": "random"}}, ["Blocks of the genome"], ["Whole chromosomes"]),
        (
            {"study": {"peaks": 0, "sequences": 2}, "sequences": {"length": 300}},
            ["2 sets of labelled sequences were brought to the length of 300 bp"],
            ["bedtools", "BEDTools", "summits", "Background"],
        ),
        (
            {"study": {"joint": [{"name": "j", "task": "multiclass", "experiments": 3}]}},
            [
                "One model, j, told apart 3 experiments",
                "a window being bound in one of them or none.",
            ],
            [],
        ),
        (
            {"preset": "danq", "trained": [{"kmers": False}]},
            ["after DanQ [", "320 kernels of 26 bp", "LSTM layers of 320 units", "RMSprop"],
            ["both strands", "such networks", "k-mers", "Adam"],
        ),
        (
            {"preset": "toy1"},
            ["Nesterov momentum 0.9", "a convolution of 1 kernel of 17 bp; a linear output"],
            ["max-pooling", "dense"],
        ),
        ({"preset": "pysster", "model": {"conv_num": 0}}, [], ["Tomtom", "Fisher", "JASPAR"]),
        (
            {"motifs": {"rule": "basset"}},
            ["half of what the maximum exceeds", "Kelley DR"],
            ["Quang", "outer columns", "gave no motif"],
        ),
        (
            {"motifs": {"rule": "raw"}},
            ["100 words that its weights score highest"],
            ["best position"],
        ),
        ({"motifs": {"splits": "train"}}, ["passes, in train windows only"], []),
        (
            {"names": {"database": ["own.meme", "jaspar"], "release": "JASPAR2018"}},
            ["the motifs of own.meme and JASPAR 2018 (CORE)"],
            ["JASPAR 2026"],
        ),
        ({"names": {"taxa": ["fungi", "plants"]}}, ["(CORE, fungi and plants)"], []),
        ({"training": {"roll": 0, "replicates": 1}}, [], ["rolled", "such networks"]),
        (
            {"pictures": {"attributions": True}, "attribution": {"methods": ["saliency"]}},
            ["explained base by base by saliency [", "Simonyan"],
            ["Sundararajan"],
        ),
        ({"attribution": {"modisco": True}}, ["Shrikumar"], ["explained base by base"]),
        (
            {"trained": [{}, {"backend": "jax", "jax": "0.8", "device": "NVIDIA H100"}]},
            ["JAX 0.8 [", "(NVIDIA H100)", "Bradbury", "Abadi"],
            ["Paszke"],
        ),
    ],
)
def test_what_another_configuration_says(options, there, absent):
    text = written(**options)
    assert [words for words in there if words not in text] == []
    assert [words for words in absent if words in text] == []


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("rule", SCHEMA["properties"]["motifs"]["properties"]["rule"]["enum"])
def test_every_preset_and_rule_reads_without_gaps(preset, rule):
    text = written(preset=preset, motifs={"rule": rule})
    assert not re.search(r"\{|\}|None|False|  |\.\.| ,|\[[a-z]", text)
    numbers = {int(n) for mark in re.findall(r"\[([\d, ]+)\]", text) for n in mark.split(", ")}
    listed = [int(n) for n in re.findall(r"^(\d+)\. ", text, re.MULTILINE)]
    assert listed == sorted(numbers) == list(range(1, len(listed) + 1))
