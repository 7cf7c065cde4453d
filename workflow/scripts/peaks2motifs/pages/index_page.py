"""The index over all experiments, or over the classes of a model: one row for each."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from peaks2motifs.core.tables import read_tsv
from peaks2motifs.data.encode import fill_factors
from peaks2motifs.motifs.meme import read_motifs
from peaks2motifs.motifs.verdicts import is_named, is_supported
from peaks2motifs.pages.logos import interval_svg
from peaks2motifs.pages.methods import describe
from peaks2motifs.pages.page import render, save
from peaks2motifs.pages.report_sections import motif_logo

ABOUT = ["version", "config_digest", "seed", "command"]


def write_index(
    experiments: Sequence[dict],
    page: str,
    templates: dict[str, str],
    about: dict,
    model: dict | None = None,
    method: dict | None = None,
    failures: Sequence[dict] = (),
    unfinished: Sequence[str] = (),
) -> None:
    """Write index.html, over all experiments or the classes of one model.

    Each experiment holds `experiment`, `factor`, `genome` and the paths `metrics`, `families`,
    `families_meme`. `templates` are the files template, style and script; `about`
    holds version, config_digest, seed and command, `model` the model's name and its metrics.json,
    `method` what `methods.describe` takes beside rows.
    After a run that failed, `failures` hold `what` failed (an experiment, or a folder of files that
    several need), rule, log and line, and `unfinished` names experiments that have no page yet.
    """
    rows = [experiment_row(**experiment) for experiment in experiments]
    own = [row for row in rows if "/" not in row["experiment"]]  # the others are classes
    context = {
        "about": about,
        "model": model and model | json.loads(Path(model["metrics"]).read_text()),
        "rows": rows,
        "own": own,
        "choices": choices(rows),
        "genomes": sorted({row["genome"] for row in rows if row["genome"]}),
        "peaks": sum(row["peaks"] for row in own if row["genome"]),
        "sequences": sum(row["peaks"] for row in own if not row["genome"]),
        "median_auroc": median(row["auroc"] for row in own or rows) if rows else None,
        "named": sum(row["top"] is not None and row["top"]["named"] for row in own),
        "methods": method and describe(**method, rows=rows),
        "failures": failures,
        "unfinished": unfinished,
    }
    save(render(**templates, context=context), page)
    print(f"{page}: {len(rows)} experiments")


def choices(rows: list[dict]) -> list[tuple[str, list[str]]]:
    """What rows can be chosen by, factor and genome, where they differ in it."""
    values = {key: sorted({row[key] for row in rows} - {None, ""}) for key in ("factor", "genome")}
    return [(key, found) for key, found in values.items() if len(found) > 1]


def experiment_row(
    experiment: str,
    factor: str | None,
    genome: str,
    metrics: str,
    families: str,
    families_meme: str,
) -> dict:
    """What the index shows of one experiment; sequences of label 1 count as peaks."""
    splits = json.loads(Path(metrics).read_text())
    test = splits["test"]
    table = read_tsv(families)
    enriched = table[is_supported(table)]
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
        "enriched": len(enriched),
        "top": top_family(enriched.to_dict("records"), families_meme),
    }


def top_family(enriched: list[dict], families_meme: str) -> dict | None:
    """The first enriched family with its logo, or None."""
    if not enriched:
        return None
    row = enriched[0]
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
    """What `write_index` takes of each experiment, from lists with an item for each.

    `files` holds `metrics`, `families` and `families_meme`, `records` those of the portal that tell
    factors.
    """
    names = ["metrics", "families", "families_meme"]
    filled = fill_factors(factors, records)
    lists = [experiments, filled, genomes, *(files[name] for name in names)]
    keys = ["experiment", "factor", "genome", *names]
    return [dict(zip(keys, values, strict=True)) for values in zip(*lists, strict=True)]
