"""Call the motifs of one factor in the peaks of another."""

import numpy as np
import pandas as pd

from peaks2motifs.core.limits import MAX_Q, MIN_ENRICHMENT
from peaks2motifs.core.statistics import benjamini_hochberg


def call_pairs(pairs: pd.DataFrame, found: set, similar: dict[str, list[str]]) -> pd.DataFrame:
    """Add the columns q, call and similar_to to pairs of a motif and an experiment.

    `found` is the set of pairs (motif, experiment) with a supported family of this motif. `similar`
    lists the motifs similar to each motif, the most similar first. The calls are

    - found: the pair is in `found`;
    - co-binding: the motif is enriched (q < `MAX_Q`), and at least `MIN_ENRICHMENT` times as
      frequent in peaks as in background;
    - similar: the same, but a similar motif, similar_to, was found in this experiment;
    - weak: the motif is enriched, but less than `MIN_ENRICHMENT` times;
    - none: all others.

    q is over the pairs that are not in `found`, and NaN for those that are. These are enriched by
    construction, so they would lower the q-values of all others.
    """
    keys = list(zip(pairs["motif"], pairs["experiment"], strict=True))
    is_found = np.array([key in found for key in keys], bool)
    q = np.full(len(pairs), np.nan)
    q[~is_found] = benjamini_hochberg(pairs["enrichment_p"].to_numpy(float)[~is_found])
    peaks_share = pairs["peaks_hit"] / pairs["peaks"].clip(lower=1)
    background_share = pairs["background_hit"] / pairs["background"].clip(lower=1)
    is_frequent = (peaks_share >= MIN_ENRICHMENT * background_share) & (peaks_share > 0)
    similar_to = pd.Series([find_similar(*key, found, similar) for key in keys], pairs.index, str)
    call = np.select(
        [is_found, q >= MAX_Q, is_frequent & (similar_to != ""), is_frequent],
        ["found", "none", "similar", "co-binding"],
        "weak",
    )
    call = pd.Series(call, pairs.index, dtype=object)
    return pairs.assign(q=q, call=call, similar_to=similar_to.where(call == "similar", ""))


def find_similar(motif: str, experiment: str, found: set, similar: dict[str, list[str]]) -> str:
    """Find the motif most similar to this one that the experiment has; "" if there is none."""
    candidates = (other for other in similar.get(motif, ()) if (other, experiment) in found)
    return next(candidates, "")
