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
    without_test: Sequence[str],
    metrics: Sequence[str],
    output: Mapping[str, str],
    max_p: float,
    min_share: float,
    threads: int = 1,
) -> None:
    """Write motifs.meme (and .jaspar .transfac .homer), the tables of the catalogue and tree.svg.

    `experiments`, `factors`, `families` (families.tsv), `motifs` (families.meme), `without_test`
    (family_motifs_without_test.meme) and `metrics` (metrics.json) have one element for each
    experiment. `output` holds the paths motifs, jaspar, transfac, homer, without_test (the same
    motifs, without sites of test windows), table (catalogue_evidence.tsv), members, similarity,
    forks (tree.tsv) and tree.
    """
    supported = gather_families(zip(experiments, factors, families, metrics, strict=True))
    family_motifs = read_family_motifs(supported, experiments, motifs)
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
    same_without_test = read_family_motifs(supported, experiments, without_test)
    write_meme(catalogue.pool_again(pooled, tables, same_without_test), output["without_test"])
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


def gather_families(files: Iterable[tuple]) -> pd.DataFrame:
    """Read the supported families of all experiments, most important first.

    `files` holds, for each experiment, its name and factor, then the paths of families.tsv and
    metrics.json.
    """
    rows = []
    for experiment, factor, families, metrics in files:
        table = read_tsv(families)
        shared = {"experiment": experiment, "factor": factor} | model_metrics(metrics)
        for row in table[is_supported(table)].to_dict("records"):
            rows.append(row | shared | {"named": "yes" if is_named(row) else "no"})
    table = pd.DataFrame(rows, columns=[*MEMBER_COLUMNS])
    order = np.argsort(-table["importance"].to_numpy(float), kind="stable")
    return table.iloc[order].reset_index(drop=True)


def read_family_motifs(
    families: pd.DataFrame, experiments: Sequence[str], paths: Sequence[str]
) -> list[Motif]:
    """Read the motif of each family, a row of `families`; experiments have a MEME file each."""
    motifs = dict(zip(experiments, map(read_motifs, paths), strict=True))
    rows = zip(families["experiment"], families["representative"], strict=True)
    return [motifs[experiment][name] for experiment, name in rows]


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
            without_test=snakemake.input.without_test,
            metrics=snakemake.input.metrics,
            output=dict(snakemake.output.items()),
            max_p=snakemake.params.group_p,
            min_share=snakemake.params.group_share,
            threads=snakemake.threads,
        )
