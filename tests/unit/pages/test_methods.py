"""The methods section states what the options made true, and nothing else."""

import re

import pytest
import yaml
from made_study import SCHEMA, STUDY, TRAINED
from paths import ROOT
from peaks2motifs.checks.options import fill_defaults
from peaks2motifs.pages import methods, methods_data, methods_motifs, methods_network
from peaks2motifs.pages.citations import CITATIONS, cite, number_citations

SENTENCES = methods_data, methods_motifs, methods_network
SCHEMAS = ROOT / "workflow/schemas"
PRESETS = yaml.safe_load((SCHEMAS / "presets.yaml").read_text())
ROWS = [{"peaks": 436, "auroc": 0.95}, {"peaks": 1400, "auroc": 0.9}]
MULTICLASS = {"name": "joint3", "task": "multiclass", "experiments": 3}


def write_text(study=None, trained=None, preset="scan", **options) -> str:
    """The paragraphs and references for a preset, and options by section."""
    base = PRESETS[preset]
    sections = {name: base.get(name, {}) | options.pop(name, {}) for name in ("model", "training")}
    sections["model"]["preset"] = preset
    study = STUDY | {"network": base["network"]} | (study or {})
    trained = [TRAINED | notes for notes in trained or [{}]]
    config = fill_defaults(sections | options, SCHEMA)
    paragraphs, references = methods.write_methods(config, study, trained, ROWS)
    return "\n".join([*paragraphs, *references])


def states(text: str, number: str) -> bool:
    """Whether a text has a number that is not part of a longer one."""
    return bool(re.search(rf"(?<![\d.,]){re.escape(number)}(?!\d|[.,]\d)", text))


def test_citations_are_numbered_by_first_mention():
    paragraphs = [f"a {cite('gkm')}, b {cite('danq', 'gkm')}", f"c {cite('danq')}, d [gkm]"]
    text, references = number_citations(paragraphs)
    assert text == ["a [1], b [2, 1]", "c [2], d [gkm]"]
    assert references == [f"1. {CITATIONS['gkm']}", f"2. {CITATIONS['danq']}"]
    with pytest.raises(KeyError):
        cite("nobody")


@pytest.mark.parametrize("database", ["motifs[v2].meme", "x[danq].meme", "x[danq, gkm].meme"])
def test_brackets_in_the_name_of_a_file_are_no_citation(database):
    names = {"database": ["jaspar", database]}
    assert write_text(names=names).replace(f" and the motifs in {database}", "") == write_text()


@pytest.mark.parametrize(
    ("section", "option", "value", "stated"),
    [
        ("windows", "length", 1317, "1,317"),
        ("windows", "max_n_fraction", 0.03, "3%"),
        ("windows", "max_overlap", 0.37, "37%"),
        ("windows", "max_peaks", 5432, "5,432"),
        ("background", "gc_tolerance", 0.017, "0.017"),
        ("model", "kernels", [[41, 9], [23, 14]], "41 of 9 bp and 23 of 14 bp"),
        ("model", "zones", [27, 61], "27 and 61 bp"),
        ("model", "hidden", 59, "59"),
        ("model", "dropout", 0.47, "0.47"),
        ("model", "activation", "exponential", "exponential"),
        ("training", "learning_rate", 0.0071, "0.0071"),
        ("training", "momentum", 0.83, "0.83"),
        ("training", "batch_size", 77, "77"),
        ("training", "epochs", 83, "83"),
        ("training", "patience_lr", 43, "43"),
        ("training", "patience_stopping", 19, "19"),
        ("training", "roll", 29, "29"),
        ("training", "replicates", 31, "31"),
        ("evaluation", "bootstraps", 1234, "1,234"),
        ("motifs", "max_background", 0.07, "7%"),
        ("motifs", "flank", 67, "67"),
        ("motifs", "trim_information", 0.61, "0.61"),
        ("motifs", "min_sites", 37, "37"),
        ("motifs", "min_information", 6.7, "6.7"),
        ("motifs", "min_width", 21, "21"),
        ("motifs", "family_p", 3e-05, "3e-05"),
        ("motifs", "family_overlap", 0.43, "43%"),
        ("names", "shuffles", 39, "39"),
    ],
)
def test_the_number_of_an_option_is_stated(section, option, value, stated):
    assert states(write_text(**{section: {option: value}}), stated)
    assert not states(write_text(), stated)


@pytest.mark.parametrize(
    ("limit", "value", "stated"),
    [
        ("MAX_Q", 0.033, "0.033"),
        ("MIN_STANDARD_ERRORS", 2.345, "2.345"),
        ("MIN_NETWORKS", 43, "43"),
        ("MAX_NAME_Q", 0.044, "0.044"),
        ("MAX_NAME_FDR", 0.31, "31%"),
        ("HELD_OUT", 0.19, "19%"),
        ("MAX_BACKGROUND_HITS", 0.067, "6.7%"),
        ("KMER_BASES", 47, "47 informative"),
        ("KMER_WIDTH", 53, "53 positions"),
    ],
)
def test_limits_are_those_that_decide(limit, value, stated, monkeypatch):
    assert not states(write_text(), stated)
    for module in SENTENCES:
        if hasattr(module, limit):
            monkeypatch.setattr(module, limit, value)
    assert states(write_text(), stated)


def test_results_and_versions_are_stated():
    text = write_text()
    for number in ("3 experiments", "436–1,400", "0.900–0.950", "seed 7"):
        assert number in text
    for software in ("Keras 3.15.1 [", "TensorFlow 2.21.0 [", "(CPU)", "Snakemake 9.27.1 ["):
        assert software in text
    for reference in ("Mölder F", "DeLong ER", "Ghandi M", "10.1093/nar/gkaf1209"):
        assert reference in text
    assert "JASPAR 2026 (CORE)" in text


@pytest.mark.parametrize(
    ("options", "there", "absent"),
    [
        ({}, ["both strands", "Ghandi", "15%"], ["joint3", "Shrikumar", "momentum", "Altschul"]),
        ({"trained": [{"kmers": False}]}, [], ["k-mers", "Ghandi"]),
        ({"model": {"zones": [], "hidden": 0}}, ["linearly"], ["zones", "hidden"]),
        (
            {"trained": [{}, {"kmers": False, "loss": "categorical cross-entropy"}]},
            ["binary cross-entropy and categorical cross-entropy", "peaks against background, a"],
            [],
        ),
        (
            {"study": {"backgrounds": [{"dinucleotide_shuffle": 17}]}},
            ["Altschul", "17 background"],
            ["GC fraction"],
        ),
        (
            {"study": {"backgrounds": [{"bed": 5}, {"genomic_gc": 5}, {"pool": 1}]}},
            ["In some experiments", "In others", "GC fraction", "candidate regions"],
            ["Altschul"],
        ),
        (
            {"study": {"backgrounds": [{"genomic_gc": 2, "other_peaks": 3}]}},
            ["For each experiment", "Further", "peaks of other experiments", "300 bp"],
            ["In others"],
        ),
        (
            {"study": {"contrasted": 3}},
            ["3 experiments", "3 windows", "300 bp", "losses of both contrasts"],
            [],
        ),
        (
            {"study": {"blacklist": False}, "windows": {"max_overlap": 1}},
            [],
            ["blacklist", "stronger peak"],
        ),
        ({"splits": {"test": ["chr8", "chr9"]}}, ["chr8 and chr9", "15%"], []),
        ({"splits": {"strategy": "random"}}, ["blocks"], ["15%"]),
        (
            {
                "study": {"peaks": 0, "sequences": 2},
                "sequences": {"length": 317, "valid": 0.13, "test": 0.23},
            },
            ["2 data sets", "317 bp", "13%", "23%"],
            ["BEDTools", "summits", "ackground windows per peak"],
        ),
        ({"study": {"joint": [MULTICLASS]}}, ["joint3", "multi-class", "or in none"], []),
        (
            {"study": {"joint": [MULTICLASS | {"task": "multilabel"}]}},
            ["joint3", "multi-label"],
            ["or in none"],
        ),
        (
            {"preset": "danq", "trained": [{"kmers": False}]},
            ["DanQ [", "320 kernels of width 26", "(13 positions)", "LSTM (320 units)", "RMSprop"],
            ["both strands", "bidirectional", "random initialisations", "k-mers", "Adam"],
        ),
        (
            {"preset": "danq-binary", "model": {"rnn_num": 2, "rnn_units": [64, 32]}},
            ["bidirectional LSTM (64 units), bidirectional LSTM (32 units)"],
            [],
        ),
        (
            {"preset": "toy1"},
            ["Nesterov momentum 0.9", "1 kernel of width 17"],
            ["max-pooling", "dense"],
        ),
        ({"preset": "pysster", "model": {"conv_num": 0}}, [], ["Tomtom", "Fisher", "JASPAR"]),
        ({"motifs": {"rule": "basset"}}, ["Kelley DR"], ["Quang", "trimmed", "no motif"]),
        ({"motifs": {"rule": "raw"}}, ["100 words"], ["Quang"]),
        ({"motifs": {"rule": "eugene"}}, ["Klie A", "100 "], []),
        (
            {"motifs": {"rule": "eugene", "eugene_above": 0.67}},
            ["Klie A", "67%"],
            ["100 highest"],
        ),
        ({"motifs": {"splits": "train"}}, ["sites in training windows"], []),
        (
            {"names": {"database": ["own.meme", "jaspar"], "release": "JASPAR2018"}},
            ["own.meme and JASPAR 2018 (CORE)"],
            ["JASPAR 2026"],
        ),
        ({"names": {"taxa": ["fungi", "plants"]}}, ["(CORE, fungi and plants)"], []),
        (
            {"training": {"roll": 0, "replicates": 1}},
            [],
            ["circularly", "random initialisations", "2 networks"],
        ),
        (
            {
                "pictures": {"attributions": True},
                "attribution": {"methods": ["saliency"], "top": 71},
            },
            ["Simonyan", "71 "],
            ["Sundararajan"],
        ),
        ({"attribution": {"modisco": True}}, ["Shrikumar"], ["Simonyan"]),
        (
            {"trained": [{}, {"backend": "jax", "jax": "0.8", "device": "NVIDIA H100"}]},
            ["JAX 0.8 [", "(NVIDIA H100)", "Bradbury", "Abadi"],
            ["Paszke"],
        ),
    ],
)
def test_what_another_configuration_states(options, there, absent):
    text = write_text(**options)
    assert [words for words in there if words not in text] == []
    assert [words for words in absent if words in text] == []


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("rule", SCHEMA["properties"]["motifs"]["properties"]["rule"]["enum"])
def test_every_preset_and_rule_reads_without_gaps(preset, rule):
    text = write_text(preset=preset, motifs={"rule": rule})
    assert not re.search(r"\0|\{|\}|None|False|  |\.\.| ,|\[[a-z]", text)
    numbers = {int(n) for mark in re.findall(r"\[([\d, ]+)\]", text) for n in mark.split(", ")}
    listed = [int(n) for n in re.findall(r"^(\d+)\. ", text, re.MULTILINE)]
    assert listed == sorted(numbers) == list(range(1, len(listed) + 1))
