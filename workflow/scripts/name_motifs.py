"""Name the motifs of one experiment: compare them with known ones, and judge each family."""

import numpy as np
import pandas as pd
from peaks2motifs.evidence import benjamini_hochberg
from peaks2motifs.formats import Motif, read_meme, write_tomtom
from peaks2motifs.joblog import joblog
from peaks2motifs.names import compare, empirical_fdr, match_table, shuffle_columns
from peaks2motifs.tables import read_tsv, write_tsv
from peaks2motifs.verdicts import found

COLUMNS = ["family", "rank", "representative", "members", "nsites", "width", "consensus"]
COLUMNS += ["importance", "test_auroc", "enrichment_p", "target_id", "target_name", "target_q"]
COLUMNS += ["empirical_fdr", "verdict", "reason"]
MAX_Q = 0.05  # of the verdict `enriched`


def name_motifs(
    motifs: str,
    families: str,
    kernels: str,
    database: str,
    tomtom: str,
    families_table: str,
    q_value: float,
    shuffles: int,
    seed: int,
    threads: int,
) -> None:
    """Write tomtom.tsv (every motif against the database) and families.tsv.

    Column-shuffled copies of the families' representatives, `shuffles` of each, go through the same
    comparison; they say how often a name as good comes by chance.
    """
    queries, targets = read_meme(motifs)[0], read_meme(database)[0]
    representatives = read_meme(families)[0]
    controls = control_motifs(representatives, shuffles, seed)
    ppms = [motif.ppm for motif in queries] + controls
    compared = compare(ppms, [target.ppm for target in targets], threads)
    own = tuple(part[: len(queries)] for part in compared)
    matches = match_table(queries, targets, own, q_value)
    write_tomtom(matches, tomtom)
    control_p = compared[0][len(queries) :].min(axis=1)
    table = describe_families(representatives, read_tsv(kernels))
    table = judge_families(name_families(table, matches, targets, control_p, shuffles))
    write_tsv(table[COLUMNS], families_table)
    print(f"{len(queries)} motifs, {len(table)} families, ", end="")
    print(f"{found(table).sum()} of them enriched")


def control_motifs(motifs: list[Motif], shuffles: int, seed: int) -> list[np.ndarray]:
    """Column-shuffled copies of all motifs, `shuffles` of each."""
    rng = np.random.default_rng([seed, 0])
    return [copy for motif in motifs for copy in shuffle_columns(motif.ppm, shuffles, rng)]


def describe_families(representatives: list[Motif], kernels: pd.DataFrame) -> pd.DataFrame:
    """One row for each family, in rank order, with what kernels.tsv says of its representative."""
    table = pd.DataFrame(
        {"representative": pd.Series([m.name for m in representatives], dtype=str)}
    )
    table["rank"] = np.arange(1, len(table) + 1)
    table["width"] = [len(m.ppm) for m in representatives]
    table["nsites"] = [m.nsites for m in representatives]
    known = ["kernel", "family", "consensus", "importance", "test_auroc", "enrichment_p", "reason"]
    table = table.merge(kernels[known], left_on="representative", right_on="kernel", how="left")
    members = kernels.groupby("family")["kernel"].agg(",".join)
    table["members"] = table["family"].map(members)
    return table


def name_families(
    table: pd.DataFrame,
    matches: pd.DataFrame,
    targets: list[Motif],
    control_p: np.ndarray,
    shuffles: int,
) -> pd.DataFrame:
    """Add each representative's best target and the empirical FDR of that name."""
    best = matches.drop_duplicates("Query_ID").set_index("Query_ID")
    best = best.reindex(table["representative"])
    names = {t.name: t.alternate or t.name for t in targets}
    return table.assign(
        target_id=best["Target_ID"].to_numpy(),
        target_name=best["Target_ID"].map(names).to_numpy(),
        target_q=best["q-value"].to_numpy(),
        empirical_fdr=empirical_fdr(best["p-value"].to_numpy(float), control_p, shuffles),
    )


def judge_families(table: pd.DataFrame) -> pd.DataFrame:
    """Add the verdict, by Benjamini and Hochberg over the families, and its reason in words."""
    q = benjamini_hochberg(table["enrichment_p"].to_numpy(float))
    verdict = np.where(q < MAX_Q, "enriched", "not enriched")
    reason = [f"{words} (q = {x:.2g})" for words, x in zip(table["reason"], q, strict=True)]
    return table.assign(verdict=verdict, reason=reason)


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        name_motifs(
            motifs=snakemake.input.motifs,
            families=snakemake.input.families,
            kernels=snakemake.input.kernels,
            database=snakemake.input.database,
            tomtom=snakemake.output.tomtom,
            families_table=snakemake.output.families_table,
            q_value=snakemake.params.q_value,
            shuffles=snakemake.params.shuffles,
            seed=snakemake.params.seed,
            threads=snakemake.threads,
        )
