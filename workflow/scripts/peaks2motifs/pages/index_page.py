"""The index of all experiments, or of the classes of one model, with one row each."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from peaks2motifs.core.tables import read_tsv
from peaks2motifs.data.encode import fill_factors
from peaks2motifs.motifs.meme import read_motifs
from peaks2motifs.motifs.verdicts import is_named, is_supported
from peaks2motifs.pages.logos import interval_svg
from peaks2motifs.pages.methods import write_methods
from peaks2motifs.pages.page import render, save
from peaks2motifs.pages.report_sections import motif_logo

SETTINGS = ["version", "config_digest", "seed", "command"]


def write_index(
    experiments: Sequence[dict],
    page: str,
    templates: dict[str, str],
    settings: dict,
    model: dict | None = None,
    methods_input: dict | None = None,
    failures: Sequence[dict] = (),
    unfinished: Sequence[str] = (),
) -> None:
    """Write index.html for all experiments, or for the classes of one model.

    Each experiment is a dictionary with `experiment`, `factor`, `genome` and the paths `metrics`,
    `families` and `families_meme`. `templates` are the files template, style and script, `settings`
    holds what `SETTINGS` lists. `model` is the name of the model and its metrics.json.
    `methods_input` holds the arguments of `write_methods` other than rows.
    After a run that failed, each of `failures` has `what` failed (an experiment, or a folder of
    files that several need), rule, log and line. `unfinished` names experiments without a page.
    """
    rows = [experiment_row(**experiment) for experiment in experiments]
    top_rows = [row for row in rows if "/" not in row["experiment"]]  # the others are classes
    context = {
        "settings": settings,
        "model": model and model | json.loads(Path(model["metrics"]).read_text()),
        "rows": rows,
        "top_rows": top_rows,
        "filters": filter_values(rows),
        "genomes": sorted({row["genome"] for row in rows if row["genome"]}),
        "peaks": sum(row["peaks"] for row in top_rows if row["genome"]),
        "sequences": sum(row["peaks"] for row in top_rows if not row["genome"]),
        "median_auroc": median(row["auroc"] for row in top_rows or rows) if rows else None,
        "named": sum(row["top"] is not None and row["top"]["named"] for row in top_rows),
        "methods": methods_input and write_methods(**methods_input, rows=rows),
        "failures": failures,
        "unfinished": unfinished,
    }
    save(render(**templates, context=context), page)
    print(f"{page}: {len(rows)} experiments")


def filter_values(rows: list[dict]) -> list[tuple[str, list[str]]]:
    """The factors and the genomes to filter rows by, if there are several of them."""
    choices = {key: sorted({row[key] for row in rows} - {None, ""}) for key in ("factor", "genome")}
    return [(key, values) for key, values in choices.items() if len(values) > 1]


def experiment_row(
    experiment: str,
    factor: str | None,
    genome: str,
    metrics: str,
    families: str,
    families_meme: str,
) -> dict:
    """Collect what the index shows of one experiment; sequences of label 1 count as peaks."""
    splits = json.loads(Path(metrics).read_text())
    test = splits["test"]
    table = read_tsv(families)
    supported = table[is_supported(table)]
    return {
        "experiment": experiment,
        "factor": factor,
        "genome": genome,
        "peaks": sum(split["peaks"] for split in splits.values()),
        "auroc": test["auroc"],
        "auroc_interval": test["interval"]["auroc"],
        "auprc": test["auprc"],
        "auprc_interval": test["interval"]["auprc"],
        "bar": interval_svg(test["auroc"], *test["interval"]["auroc"]),
        "supported": len(supported),
        "top": top_family(supported.to_dict("records"), families_meme),
    }


def top_family(supported: list[dict], families_meme: str) -> dict | None:
    """The most important supported family with its logo, or None."""
    if not supported:
        return None
    row = supported[0]
    motif = read_motifs(families_meme)[row["representative"]]
    logo = motif_logo(motif, row["consensus"])
    return row | {"logo": logo, "named": is_named(row)}


def list_experiments(
    experiments: Sequence[str],
    factors: Sequence[str],
    genomes: Sequence[str],
    records: Sequence[str],
    files: Mapping[str, Sequence[str]],
) -> list[dict]:
    """Build the experiments that `write_index` takes, from lists with one item per experiment.

    `files` holds the lists `metrics`, `families` and `families_meme`. `records` are portal records
    that fill in missing factors.
    """
    file_keys = ["metrics", "families", "families_meme"]
    filled_factors = fill_factors(factors, records)
    columns = [experiments, filled_factors, genomes, *(files[key] for key in file_keys)]
    keys = ["experiment", "factor", "genome", *file_keys]
    return [dict(zip(keys, values, strict=True)) for values in zip(*columns, strict=True)]
