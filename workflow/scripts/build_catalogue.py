"""Group the supported motif families of all experiments: one motif for each group."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.tables import read_tsv, write_text, write_tsv
from peaks2motifs.data.encode import fill_factors
from peaks2motifs.motifs import catalogue
from peaks2motifs.motifs.meme import read_motifs, write_meme
from peaks2motifs.motifs.motif import Motif
from peaks2motifs.motifs.motif_files import write_homer, write_jaspar, write_transfac
from peaks2motifs.motifs.verdicts import is_named, is_supported
from peaks2motifs.pages.logo_tree import draw_tree

MEMBER_COLUMNS = ["motif", "experiment", "factor", "family", "orientation", "offset", "pooled"]
MEMBER_COLUMNS += ["rank", "representative", "members", "nsites", "width", "consensus"]
MEMBER_COLUMNS += ["importance", "test_auroc", "test_auroc_se", "enrichment_p", "target_id"]
MEMBER_COLUMNS += ["target_name", "target_q"]
MEMBER_COLUMNS += ["empirical_fdr", "named", "model_auroc", "model_auroc_low", "model_auroc_high"]
MEMBER_COLUMNS += ["model_auprc"]


def build_catalogue(
    experiments: Sequence[str],
    factors: Sequence[str | None],
    families: Sequence[str],
    motifs: Sequence[str],
    metrics: Sequence[str],
    output: Mapping[str, str],
    max_p: float,
    min_share: float,
    threads: int = 1,
) -> None:
    """Write motifs.meme (and .jaspar .transfac .homer), the tables of the catalogue and tree.svg.

    `experiments`, `factors`, `families` (families.tsv), `motifs` (families.meme) and `metrics`
    (metrics.json) have one element for each experiment. `output` holds the paths motifs, jaspar,
    transfac, homer, table (catalogue_evidence.tsv), members, similarity, forks (tree.tsv) and tree.
    """
    files = zip(experiments, factors, families, motifs, metrics, strict=True)
    supported, family_motifs = gather_families(files)
    pooled, tables = catalogue.pool_groups(supported, family_motifs, max_p, min_share, threads)
    names = [motif.name for motif in pooled]
    comparison = catalogue.compare_all([motif.ppm for motif in pooled], threads)
    pairs = catalogue.list_pairs(names, comparison, max_p, min_share)
    part_of = pairs[pairs["relation"] == "part of"].groupby("motif")["other"].agg(list).to_dict()
    rows = [
        catalogue.describe_group(motif, members, part_of.get(motif.name, []))
        for motif, members in zip(pooled, tables, strict=True)
    ]
    write_meme(pooled, output["motifs"])
    write_jaspar(pooled, output["jaspar"])
    write_transfac(pooled, output["transfac"])
    write_homer(pooled, output["homer"])
    write_tsv(pd.DataFrame(rows, columns=catalogue.COLUMNS), output["table"])
    write_tsv(pd.concat([supported[:0], *tables])[MEMBER_COLUMNS], output["members"])
    write_tsv(pairs, output["similarity"])
    tree = catalogue.build_tree(comparison)
    write_tsv(catalogue.list_forks(names, tree), output["forks"])
    is_reversed = catalogue.is_shown_reverse(comparison, tree)
    write_text(draw_tree(pooled, tree, is_reversed), output["tree"])
    print(f"{len(pooled)} motifs from {len(supported)} families of {len(experiments)} experiments")


def gather_families(files: Iterable[tuple]) -> tuple[pd.DataFrame, list[Motif]]:
    """Read the supported families of all experiments, most important first: rows and motifs.

    `files` holds, for each experiment, its name and factor, then the paths of families.tsv,
    families.meme and metrics.json.
    """
    rows, motifs = [], []
    for experiment, factor, families, meme, metrics in files:
        table, motif_of = read_tsv(families), read_motifs(meme)
        shared = {"experiment": experiment, "factor": factor} | model_metrics(metrics)
        for row in table[is_supported(table)].to_dict("records"):
            rows.append(row | shared | {"named": "yes" if is_named(row) else "no"})
            motifs.append(motif_of[row["representative"]])
    table = pd.DataFrame(rows, columns=[*MEMBER_COLUMNS])
    order = np.argsort(-table["importance"].to_numpy(float), kind="stable")
    return table.iloc[order].reset_index(drop=True), [motifs[i] for i in order]


def model_metrics(path: str) -> dict[str, float]:
    """Read the columns model_* from a metrics.json."""
    test = json.loads(Path(path).read_text())["test"]
    low, high = test["interval"]["auroc"]
    values = {"auroc": test["auroc"], "auroc_low": low, "auroc_high": high, "auprc": test["auprc"]}
    return {f"model_{name}": value for name, value in values.items()}


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        build_catalogue(
            experiments=snakemake.params.experiments,
            factors=fill_factors(snakemake.params.factors, snakemake.input.records),
            families=snakemake.input.families,
            motifs=snakemake.input.motifs,
            metrics=snakemake.input.metrics,
            output=dict(snakemake.output.items()),
            max_p=snakemake.params.group_p,
            min_share=snakemake.params.group_share,
            threads=snakemake.threads,
        )
