"""Gather the enriched motif families of all experiments into one motif file and one table."""

import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from peaks2motifs.formats import Motif, write_meme
from peaks2motifs.joblog import joblog
from peaks2motifs.pages import is_named, read_motifs
from peaks2motifs.tables import read_tsv, write_tsv
from peaks2motifs.verdicts import found

COLUMNS = ["motif", "experiment", "factor", "family", "rank", "representative", "nsites", "width"]
COLUMNS += ["consensus", "importance", "test_auroc", "enrichment_p", "target_id", "target_name"]
COLUMNS += ["target_q", "empirical_fdr", "model_auroc", "model_auroc_low", "model_auroc_high"]
COLUMNS += ["model_auprc"]


def build_catalogue(
    experiments: Sequence[str],
    factors: Sequence[str | None],
    families: Sequence[str],
    motifs: Sequence[str],
    metrics: Sequence[str],
    meme: str,
    table: str,
) -> None:
    """Write the catalogue's motifs.meme and catalogue.tsv.

    The sequences run in parallel, one element for each experiment: its name, its factor, and its
    families.tsv, families.meme and metrics.json. A motif is named <experiment>.<family>; its second
    name is that of its database match, where that is good enough. In the table test_auroc is the
    family's, model_auroc the whole model's.
    """
    rows, gathered = [], []
    parts = zip(experiments, factors, families, motifs, metrics, strict=True)
    for experiment, factor, families_path, motifs_path, metrics_path in parts:
        own, by_name = read_tsv(families_path), read_motifs(motifs_path)
        about = {"experiment": experiment, "factor": factor} | model_metrics(metrics_path)
        for row in own[found(own)].to_dict("records"):
            row |= about | {"motif": f"{experiment}.{row['family']}"}
            rows.append(row)
            gathered.append(catalogue_motif(by_name, row))
    write_tsv(pd.DataFrame(rows, columns=COLUMNS), table)
    write_meme(gathered, meme)
    print(f"{table}: {len(gathered)} motifs from {len(experiments)} experiments")


def catalogue_motif(by_name: dict[str, Motif], row: dict) -> Motif:
    """The family's representative under its catalogue name."""
    alternate = str(row["target_name"]).replace(" ", "_") if is_named(row) else ""
    return by_name[row["representative"]]._replace(name=row["motif"], alternate=alternate)


def model_metrics(path: str) -> dict[str, float]:
    """The columns model_* from a metrics.json."""
    test = json.loads(Path(path).read_text())["test"]
    low, high = test["interval"]["auroc"]
    values = {"auroc": test["auroc"], "auroc_low": low, "auroc_high": high, "auprc": test["auprc"]}
    return {f"model_{name}": value for name, value in values.items()}


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        build_catalogue(
            experiments=snakemake.params.experiments,
            factors=snakemake.params.factors,
            families=snakemake.input.families,
            motifs=snakemake.input.motifs,
            metrics=snakemake.input.metrics,
            meme=snakemake.output.motifs,
            table=snakemake.output.table,
        )
