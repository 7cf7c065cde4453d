"""What an edit of an option or of the library reruns: the rules it touches and no others."""

import re
from functools import cache
from modulefinder import ModuleFinder
from pathlib import Path

import pytest
import yaml
from peaks2motifs.checks.options import read_schemas

from .conftest import ROOT, copy_demo, edited_module, snakemake

# They show or keep the options, or are made from templates alone.
PAGES = {"write_report", "write_index", "write_method", "write_provenance"}
PAGES |= {"write_catalogue"}
OTHER_TARGETS = {"predict_windows", "write_tracks", "simulate_sequences"}
OTHER_TARGETS |= {"join_peaks", "evaluate_classes", "run_trial", "compare_trials"}
OTHER_TARGETS |= {"import_sequences", "run_tomtom"}  # test_sequences.py, test_demo.py
OTHER_TARGETS |= {"find_sites", "compare_rules"}  # test_rules.py
OTHER_TARGETS |= {"fetch_input", "fetch_encode"}  # test_fetch.py
OTHER_TARGETS |= {"explain_model", "draw_kernels", "draw_attributions"}  # test_pictures.py
OTHER_TARGETS |= {"list_failures"}  # no rule runs it
OTHER_TARGETS |= {"attribute_peaks", "find_patterns", "optimise_inputs", "draw_inputs"}
SCHEMA, _, _ = read_schemas(ROOT / "workflow/schemas")
OPTIONS = {  # another value for each option, and the rules whose parameters it is
    "seed": (2, "assign_splits sample_background sample_others build_dataset train_model "
             "evaluate_model name_motifs"),
    "windows.length": (180, "prepare_peaks build_dataset"),
    "windows.max_peaks": (300, "prepare_peaks build_dataset"),
    "windows.max_overlap": (0.5, "prepare_peaks build_dataset"),
    "windows.max_n_fraction": (0.2, "prepare_peaks build_dataset"),
    "splits.strategy": ("random", "assign_splits build_dataset"),
    "splits.valid": (["chr3"], "assign_splits build_dataset"),
    "splits.test": (["chr4"], "assign_splits build_dataset"),
    "background.strategy": ("dinucleotide_shuffle", "sample_background build_dataset"),
    "background.ratio": (2, "sample_background build_dataset"),
    "background.gc_tolerance": (0.1, "sample_background sample_others build_dataset"),
    "background.pool": ("config/config.yaml", "build_dataset"),
    "background.others": (2, "sample_others build_dataset"),
    "background.distance": (100, "sample_others build_dataset"),
    "background.min_found": (0.9, "sample_background build_dataset"),
    "dataset.compression": ("gzip", "build_dataset"),
    "model.preset": ("ctcf24", "train_model apply_model ablate_kernels"),  # with another batch_size
    "model.kernels": ([[8, 9]], "train_model"),
    "model.activation": ("exponential", "train_model"),
    "model.zones": ([30], "train_model"),
    "model.kmers": (False, "train_model"),
    "model.hidden": (8, "train_model"),
    "model.dropout": (0.5, "train_model"),
    "training.replicates": (1, "train_model"),
    "training.batch_size": (64, "train_model apply_model ablate_kernels"),
    "training.loss": ("binary_crossentropy", "train_model"),
    "training.optimizer": ("rmsprop", "train_model"),
    "training.momentum": (0.9, "train_model"),
    "training.nesterov": (True, "train_model"),
    "training.clipnorm": (1, "train_model"),
    "training.learning_rate": (0.01, "train_model"),
    "training.roll": (0, "train_model"),
    "training.epochs": (5, "train_model"),
    "training.patience_lr": (2, "train_model"),
    "training.patience_stopping": (3, "train_model"),
    "training.threads": (2, "train_model apply_model ablate_kernels"),
    "training.backend": ("jax", "train_model apply_model ablate_kernels"),
    "training.device": ("cpu", "train_model apply_model ablate_kernels"),
    "training.precision": ("mixed_bfloat16", "train_model apply_model ablate_kernels"),
    "evaluation.bootstraps": (100, "evaluate_model"),
    "motifs.splits": ("train", "scan_sites"),
    "motifs.flank": (2, "scan_sites group_families"),
    "motifs.max_background": (0.2, "scan_sites group_families"),
    "motifs.min_sites": (20, "scan_sites group_families"),
    "motifs.min_information": (6, "scan_sites group_families"),
    "motifs.min_width": (6, "scan_sites group_families"),
    "motifs.trim_information": (0.5, "scan_sites group_families"),
    "motifs.pseudocount": (0.5, "scan_sites group_families"),
    "motifs.family_p": (0.001, "group_families"),
    "motifs.family_overlap": (0.8, "group_families"),
    "motifs.max_families": (5, "group_families"),
    "catalogue.group_p": (0.001, "build_catalogue"),
    "catalogue.group_share": (0.5, "build_catalogue"),
    "catalogue.windows": (500, "scan_catalogue"),
    "names.database": (["jaspar", "config/config.yaml"], "prepare_database"),
    "names.release": ("JASPAR2024", "prepare_database"),
    "names.collection": ("UNVALIDATED", "prepare_database"),
    "names.taxa": ("all", "prepare_database"),
    "names.q_value": (0.01, "name_motifs"),
    "names.shuffles": (3, "name_motifs"),
}  # fmt: skip


def leaves(schema: dict, path: tuple = ()) -> list[str]:
    """Every option of the schema, as section.key, but those of other networks than the demo's."""
    found = []
    for key, part in schema["properties"].items():
        here = (*path, key)
        if part.get("network") == "stack":  # tests/unit/test_architectures.py has them
            continue
        found += leaves(part, here) if "properties" in part else [".".join(here)]
    return found


def planned(printed: str, reason: str = "") -> set[str]:
    """The rules that a dry run would run, or those that it would run for this reason.

    Snakemake tells one reason for each job, and that of new input before that of new parameters.
    """
    jobs = re.split(r"^(?:local)?rule ", printed, flags=re.MULTILINE)[1:]
    return {job.split(":")[0] for job in jobs if reason in job}


def test_every_option_is_listed():
    inputs = {"experiments", "genomes", "container", "joint", "predict", "simulate"}
    # test_trials.py, test_sequences.py, test_pictures.py, test_fetch.py
    elsewhere = ("search.", "sequences.", "pictures.", "attribution.", "fetch.")
    elsewhere += ("names.tomtom_html",)  # test_demo.py
    elsewhere += ("motifs.rule", "motifs.compare")  # test_rules.py, and the next two
    elsewhere += ("motifs.basset_trim", "motifs.eugene_above")
    listed = {option for option in leaves(SCHEMA) if not option.startswith(elsewhere)}
    assert listed - inputs == set(OPTIONS)


# What must go along with an option, of the same section.
ALONG = {
    "training.momentum": {"optimizer": "rmsprop"},
    "training.nesterov": {"optimizer": "sgd", "momentum": 0.9},
}


@pytest.mark.parametrize("option", OPTIONS)
def test_an_option_reaches_its_rules_and_no_others(demo, option, tmp_path):
    value, rules = OPTIONS[option]
    config = yaml.safe_load((demo / "config/config.yaml").read_text())
    *section, key = option.split(".")
    options = config.setdefault(section[0], {}) if section else config
    options |= {key: value} | ALONG.get(option, {})
    (tmp_path / "changed.yaml").write_text(yaml.safe_dump(config))
    printed = snakemake(demo, "--dry-run", "--configfile", str(tmp_path / "changed.yaml"))
    changed = planned(printed, "Params have changed") - PAGES
    assert changed
    assert changed <= set(rules.split()) <= planned(printed)


# Some of each leg, and those that most scripts import.
MODULES = ["core/joblog", "core/tables", "data/background", "data/dataset", "data/windows"]
MODULES += ["model/activations", "model/training", "motifs/contrast", "motifs/grouping"]
MODULES += ["data/other_peaks", "motifs/kernel_sites"]
MODULES += ["motifs/meme", "motifs/motif_scan", "motifs/spacing", "motifs/tomtom"]
MODULES += ["motifs/score_parts", "motifs/verdicts", "pages/logos", "pages/plots"]


@pytest.fixture(scope="module")
def moved(demo, tmp_path_factory) -> Path:
    """The finished demo in another folder."""
    return copy_demo(demo, tmp_path_factory.mktemp("moved") / "demo")


def test_a_moved_folder_makes_its_pages_anew_and_nothing_else(moved):
    """Snakemake knows the pages' templates by their absolute paths."""
    assert planned(snakemake(moved, "--dry-run")) == {*PAGES, "all"}


@pytest.fixture(scope="module")
def complete(moved) -> Path:
    """The finished demo, with nothing left to make, in a folder whose modules can be edited."""
    snakemake(moved, "--cores", "2")
    return moved


@pytest.mark.parametrize("module", MODULES)
def test_an_edit_of_a_module_reruns_the_rules_that_import_it(complete, module):
    scripts = complete / "workflow/scripts"
    expected = {s.stem for s in scripts.glob("*.py") if module in modules_behind(s)}
    with edited_module(complete, module):
        printed = snakemake(complete, "--dry-run")
    changed = planned(printed, "Params have changed")
    assert changed
    assert changed <= expected - OTHER_TARGETS <= planned(printed)


@cache
def modules_behind(script: Path) -> set[str]:
    """The library modules that a script imports, as room/module, by another way than `code`."""
    finder = ModuleFinder(path=[str(script.parent)])
    finder.run_script(str(script))
    return {"/".join(name.split(".")[1:]) for name in finder.modules if "peaks2motifs." in name}


def listed(job: str, what: str) -> set[str]:
    """The files that a dry run tells of a job, as its input or output."""
    found = re.search(rf"^ +{what}: (.*)$", job, flags=re.MULTILINE)
    return set(found[1].split(", ")) if found else set()


def test_what_any_job_has_lost_is_made_again(project):
    """A killed job has lost its files; Snakemake makes them anew if they are targets themselves."""
    config = yaml.safe_load((project / "config/config.yaml").read_text())
    pictures = {"kernels": True, "attributions": True}
    attribution = {"modisco": True, "inputs": {"logit": [0]}}
    asked = {"joint": {"j": {}}, "motifs": {"compare": ["koo"]}, "pictures": pictures}
    (project / "all.yaml").write_text(yaml.safe_dump(config | asked | {"attribution": attribution}))
    printed = snakemake(project, "--dry-run", "--configfile", "all.yaml")
    jobs = re.split(r"^(?:local)?rule ", printed, flags=re.MULTILINE)[1:]
    targets = next(listed(job, "input") for job in jobs if job.startswith("all:"))
    lost = {job.split(":")[0] for job in jobs if listed(job, "output") - targets}
    assert lost == {"simulate_demo"}  # which writes what the sample sheet names
