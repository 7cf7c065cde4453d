"""Name the motifs of one experiment: compare them with known ones, and judge each family."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from peaks2motifs.core.joblog import InputError, joblog
from peaks2motifs.core.tables import read_tsv, write_tsv
from peaks2motifs.motifs.meme import read_meme, write_meme
from peaks2motifs.motifs.motif import Motif
from peaks2motifs.motifs.tomtom import (
    compare,
    empirical_fdr,
    match_table,
    shuffle_columns,
    write_tomtom,
)
from peaks2motifs.motifs.verdicts import found, is_named, judge

COLUMNS = ["family", "rank", "representative", "members", "nsites", "width", "consensus"]
COLUMNS += ["importance", "test_auroc", "enrichment_p", "target_id", "target_name", "target_q"]
COLUMNS += ["empirical_fdr", "verdict", "reason"]
COLUMNS += ["medoid", "information", "replicates", "networks", "test_auroc_se", "enrichment_q"]
COLUMNS += ["relation", "own_p", "own_q", "central_width", "central_p", "ablation", "ablation_se"]
COLUMNS += ["threshold"]


def name_motifs(
    files: Mapping[str, str],
    output: Mapping[str, str],
    q_value: float,
    shuffles: int,
    seed: int,
    threads: int,
) -> None:
    """Write tomtom.tsv (every motif against the database), families.tsv and .meme, kernels.tsv.

    `files` are motifs, families and the database (MEME), tables of kernels and families, and what
    ablation says of either, and the patterns of TF-MoDISco where there are any; `output` names
    tomtom, families and kernels. Column-shuffled copies of the families' motifs, `shuffles` of
    each, go through the same comparison; they say how often a name as good comes by chance.
    """
    families, background = read_meme(files["families"])
    queries, targets = families + read_meme(files["motifs"])[0], read_meme(files["database"])[0]
    controls = control_motifs(families, shuffles, seed)
    ppms = [motif.ppm for motif in queries] + controls
    compared = compare(ppms, [target.ppm for target in targets], threads)
    own = tuple(part[: len(queries)] for part in compared)
    matches = match_table(queries, targets, own, q_value)
    write_tomtom(matches, output["tomtom"])
    control_p = compared[0][len(queries) :].min(axis=1)
    ablation = read_tsv(files["ablation"])
    kernels = read_tsv(files["kernels"]).merge(ablation, "left", left_on="kernel", right_on="name")
    write_tsv(kernels.drop(columns="name"), output["kernels"])
    table = read_tsv(files["families_table"])
    if list(table["family"]) != [motif.name for motif in families]:
        raise InputError(f"{files['families']}: other families than {files['families_table']} has")
    table = table.assign(representative=table["family"], rank=np.arange(1, len(table) + 1))
    table = table.merge(ablation, "left", left_on="family", right_on="name")
    table = judge(name_families(table, matches, targets, control_p, shuffles))[COLUMNS]
    if "patterns" in files:
        table = join_patterns(table, read_tsv(files["patterns"]))
    write_tsv(table, output["families"])
    write_meme(called(families, table), output["meme"], background)
    print(f"{len(queries)} motifs, {len(table)} of them families, {found(table).sum()} supported")


def control_motifs(motifs: list[Motif], shuffles: int, seed: int) -> list[np.ndarray]:
    """Column-shuffled copies of all motifs, `shuffles` of each."""
    rng = np.random.default_rng([seed, 0])
    return [copy for motif in motifs for copy in shuffle_columns(motif.ppm, shuffles, rng)]


def name_families(
    table: pd.DataFrame,
    matches: pd.DataFrame,
    targets: list[Motif],
    control_p: np.ndarray,
    shuffles: int,
) -> pd.DataFrame:
    """Add the best target of each family's motif and the empirical FDR of that name."""
    best = matches.drop_duplicates("Query_ID").set_index("Query_ID")
    best = best.reindex(table["representative"])
    names = {t.name: t.alternate or t.name for t in targets}
    return table.assign(
        target_id=best["Target_ID"].to_numpy(),
        target_name=best["Target_ID"].map(names).to_numpy(),
        target_q=best["q-value"].to_numpy(),
        empirical_fdr=empirical_fdr(best["p-value"].to_numpy(float), control_p, shuffles),
    )


def called(motifs: list[Motif], families: pd.DataFrame) -> list[Motif]:
    """The families' motifs, their second names those of the targets that they are named after."""
    rows = families.to_dict("records")
    names = [row["target_name"] if is_named(row) else "" for row in rows]
    return [motif._replace(alternate=name) for motif, name in zip(motifs, names, strict=True)]


def join_patterns(families: pd.DataFrame, patterns: pd.DataFrame) -> pd.DataFrame:
    """Add to families the column `patterns`: which of modisco.tsv are like each."""
    names = patterns.groupby("family")["pattern"].agg(",".join)
    return families.assign(patterns=families["family"].map(names))


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        name_motifs(
            files=dict(snakemake.input.items()),
            output=dict(snakemake.output.items()),
            q_value=snakemake.params.q_value,
            shuffles=snakemake.params.shuffles,
            seed=snakemake.params.seed,
            threads=snakemake.threads,
        )
