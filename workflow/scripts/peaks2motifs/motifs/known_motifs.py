"""Judge the profiles of a motif database by the windows of one experiment."""

import re

import numpy as np
import pandas as pd

from peaks2motifs.checks.study import plain_name
from peaks2motifs.core.statistics import auroc, benjamini_hochberg, central_regions
from peaks2motifs.motifs.motif import Motif, base_frequencies
from peaks2motifs.motifs.motif_scan import best_matches, hit_thresholds, judge_motifs, log_odds

COLUMNS = ["motif", "name", "own", "train_auroc", "auroc", "auroc_se", "threshold"]
COLUMNS += ["peaks_hit", "peaks", "background_hit", "background", "enrichment_p", "enrichment_q"]
COLUMNS += ["central_width", "central_p"]


def judge_profiles(
    profiles: list[Motif],
    train: tuple[np.ndarray, np.ndarray],
    test: tuple[np.ndarray, np.ndarray],
    has_summits: bool,
    factor: str = "",
) -> pd.DataFrame:
    """Describe how well each profile separates test peaks from background: a row for each.

    train and test are base codes (n, L) of peaks and of background. Base frequencies and thresholds
    come from training background, `train_auroc` from all training windows. Rows are sorted by the
    AUROC on test windows, the highest first. `own` is 1 for profiles of the factor. The central
    region is NaN unless windows are centred on summits.
    """
    scores = log_odds(profiles, base_frequencies(train[1]))
    train_best = best_matches(np.concatenate(train), scores).score
    threshold = hit_thresholds(train_best[len(train[0]) :])
    matches = best_matches(np.concatenate(test), scores)
    table = judge_motifs(matches.score, mark_peaks(*test), threshold)
    names = [profile.alternate or profile.name for profile in profiles]
    table = table.assign(
        motif=[profile.name for profile in profiles],
        name=names,
        own=[int(is_own(name, factor)) for name in names],
        train_auroc=auroc(train_best, mark_peaks(*train)),
        enrichment_q=benjamini_hochberg(table["enrichment_p"].to_numpy()),
        central_width=np.nan,
        central_p=np.nan,
    )
    if has_summits:
        rows = slice(len(test[0]))
        table["central_width"], table["central_p"] = central_regions(
            matches.start[rows],
            matches.score[rows] > threshold,
            np.array([len(score) for score in scores]),
            test[0].shape[1],
        )
    return table[COLUMNS].sort_values("auroc", ascending=False, kind="stable")


def mark_peaks(peaks: np.ndarray, background: np.ndarray) -> np.ndarray:
    """Label peaks, then background: 1 and 0 (n,)."""
    return np.repeat([1, 0], [len(peaks), len(background)])


def is_own(name: str, factor: str) -> bool:
    """Return whether a profile of this name is one of the factor, alone or in a dimer.

    Case and punctuation do not matter. What follows a name after one of `( / . _` does not either,
    as in "CTCF(Zf)/..." of HOMER, "CTCF_HUMAN.H11MO.0.A" of HOCOMOCO or "FOS::JUN(var.2)" of
    JASPAR. Synonyms are not known.
    """
    subunits = name.split("::")
    symbols = [next(filter(None, re.split(r"[(/._]", subunit)), "") for subunit in subunits]
    own = plain_name(factor)
    return bool(own) and own in {plain_name(text) for text in [name, *subunits, *symbols]}
