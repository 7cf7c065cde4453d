"""Names of families: their best matches among known motifs, and how often chance gives one."""

import numpy as np
import pandas as pd

from peaks2motifs.motifs.motif import Motif
from peaks2motifs.motifs.tomtom import empirical_fdr, shuffle_columns
from peaks2motifs.motifs.verdicts import is_named


def control_motifs(motifs: list[Motif], shuffles: int, seed: int) -> list[np.ndarray]:
    """Column-shuffled copies of all motifs, `shuffles` of each."""
    rng = np.random.default_rng([seed, 0])
    return [copy for motif in motifs for copy in shuffle_columns(motif.ppm, shuffles, rng)]


def name_families(
    families: pd.DataFrame,
    matches: pd.DataFrame,
    targets: list[Motif],
    control_p: np.ndarray,
    shuffles: int,
) -> pd.DataFrame:
    """Add the best target of each family's motif and the empirical FDR of that name."""
    best = matches.drop_duplicates("Query_ID").set_index("Query_ID")
    best = best.reindex(families["representative"])
    names = {target.name: target.alternate or target.name for target in targets}
    return families.assign(
        target_id=best["Target_ID"].to_numpy(),
        target_name=best["Target_ID"].map(names).to_numpy(),
        target_q=best["q-value"].to_numpy(),
        empirical_fdr=empirical_fdr(best["p-value"].to_numpy(float), control_p, shuffles),
    )


def named_after_targets(motifs: list[Motif], families: pd.DataFrame) -> list[Motif]:
    """The families' motifs; their second names are those of the targets that name them."""
    rows = families.to_dict("records")
    names = [row["target_name"] if is_named(row) else "" for row in rows]
    return [motif._replace(alternate=name) for motif, name in zip(motifs, names, strict=True)]


def join_patterns(families: pd.DataFrame, patterns: pd.DataFrame) -> pd.DataFrame:
    """Add to families the column `patterns`: which of modisco.tsv are similar to each."""
    names = patterns.groupby("family")["pattern"].agg(",".join)
    return families.assign(patterns=families["family"].map(names))
