"""Find preferred distances between the sites of two motif families in the same window."""

import numpy as np
import pandas as pd
from scipy.signal import correlate
from scipy.stats import poisson

from peaks2motifs.core.limits import MIN_P
from peaks2motifs.core.statistics import benjamini_hochberg

ORIENTATIONS = ["same", "opposite"]
COLUMNS = ["first", "second", "windows", "orientation", "distance", "gap", "observed", "expected"]
COLUMNS += ["p_value", "q_value"]


def pair_sites(hits: pd.DataFrame, first: str, second: str) -> pd.DataFrame:
    """Pair the sites of two families that lie in the same window; hits are those of `best_hits`.

    The columns position_1, strand_1, position_2 and strand_2 describe the two sites. A pair of
    sites in several windows counts once.
    """
    first_hits, second_hits = (hits[hits["family"] == family] for family in (first, second))
    pairs = first_hits.merge(second_hits, on="window", suffixes=("_1", "_2"))
    return pairs.drop_duplicates(["site_1", "site_2"])


def measure_distances(pairs: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Measure the distance (m,) between the two sites of each pair, and compare their strands (m,).

    A distance goes from the middle of the first site to the middle of the second, in half bases. It
    is positive if the second site lies downstream on the strand of the first. The second array says
    whether both sites have the same strand.
    """
    distance = np.rint(2 * (pairs["position_2"] - pairs["position_1"])).to_numpy(np.int64)
    is_same_strand = (pairs["strand_1"] == pairs["strand_2"]).to_numpy()
    return np.where(pairs["strand_1"] == "-", -distance, distance), is_same_strand


def expected_counts(pairs: pd.DataFrame, reach: int) -> np.ndarray:
    """Count the pairs that are expected at each distance if the sites are independent.

    Returns an array (2, 4 * reach + 1): rows for the same and for opposite strands, columns for the
    distances from -2 * reach to 2 * reach in half bases. `reach` is the largest distance of a site
    from the middle of its window, in half bases. The expectation is the mean over all permutations
    of the second family's sites, each with its position and strand, among the windows.
    """
    counts = {}
    for number in (1, 2):
        position = np.rint(2 * pairs[f"position_{number}"]).to_numpy(np.int64) + reach
        for strand in "+-":
            on_strand = position[(pairs[f"strand_{number}"] == strand).to_numpy()]
            counts[number, strand] = np.bincount(on_strand, minlength=2 * reach + 1).astype(float)
    forward = {s: correlate(counts[2, s], counts[1, "+"]) for s in "+-"}
    backward = {s: correlate(counts[2, s], counts[1, "-"])[::-1] for s in "+-"}
    total = np.array([forward["+"] + backward["-"], forward["-"] + backward["+"]])
    # The sums are whole numbers; `correlate` may use an FFT, which adds rounding errors.
    return np.maximum(np.rint(total), 0) / max(len(pairs), 1)


def count_distances(hits: pd.DataFrame, first: str, second: str, min_apart: float) -> pd.DataFrame:
    """Count the pairs of sites of two families at each distance: one row for each expected one.

    Sites whose middles are less than `min_apart` bp apart overlap, so these pairs are left out.
    Otherwise two families with parts of the same motif would show a preferred distance. p_value is
    the Poisson probability of at least as many pairs as observed, if `expected` are expected.
    """
    pairs = pair_sites(hits, first, second)
    measured, is_same_strand = measure_distances(pairs)
    reach = int(np.rint(2 * pairs[["position_1", "position_2"]].abs().to_numpy().max(initial=0)))
    expected = expected_counts(pairs, reach)
    observed = np.zeros_like(expected, dtype=np.int64)
    np.add.at(observed, (np.where(is_same_strand, 0, 1), measured + 2 * reach), 1)
    row, column = np.nonzero(expected)
    distance = (column - 2 * reach) / 2
    is_apart = np.abs(distance) >= min_apart
    row, column, distance = row[is_apart], column[is_apart], distance[is_apart]
    table = pd.DataFrame({"orientation": np.array(ORIENTATIONS)[row], "distance": distance})
    table = table.assign(gap=np.abs(distance) - min_apart, observed=observed[row, column])
    table = table.assign(expected=expected[row, column], first=first, second=second)
    p = poisson.sf(table["observed"] - 1, table["expected"])
    return table.assign(windows=len(pairs), p_value=np.maximum(p, MIN_P))


def spacing_table(hits: pd.DataFrame, widths: dict[str, int]) -> pd.DataFrame:
    """Test all distances between all pairs of families: `COLUMNS`, one row for each distance.

    `widths` gives the width of each family's motif in bp. q_value is Benjamini and Hochberg's over
    all distances and pairs.
    """
    names = list(widths)
    tables = [
        count_distances(hits, first, second, (widths[first] + widths[second]) / 2)
        for i, first in enumerate(names)
        for second in names[i + 1 :]
    ]
    table = pd.concat(tables) if tables else pd.DataFrame(columns=[*COLUMNS[:-1]])
    q = benjamini_hochberg(table["p_value"].to_numpy(float))
    return table.assign(q_value=q)[COLUMNS].reset_index(drop=True)
