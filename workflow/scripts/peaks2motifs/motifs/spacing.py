"""Whether two motif families keep a distance: sites of both in one window, against chance."""

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
    """The windows with a site of both families: positions and strands of the two (`best_hits`).

    Columns position_1, strand_1, position_2, strand_2. Two sites that several windows share count
    once.
    """
    own = [hits[hits["family"] == family] for family in (first, second)]
    pairs = own[0].merge(own[1], on="window", suffixes=("_1", "_2"))
    return pairs.drop_duplicates(["site_1", "site_2"])


def distances(pairs: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """How far the second site's middle lies downstream of the first's, in half bases, and how.

    Downstream is where the first site's strand goes to; the second array says whether the two are
    on one strand.
    """
    apart = np.rint(2 * (pairs["position_2"] - pairs["position_1"])).to_numpy(np.int64)
    same = (pairs["strand_1"] == pairs["strand_2"]).to_numpy()
    return np.where(pairs["strand_1"] == "-", -apart, apart), same


def expected_counts(pairs: pd.DataFrame, reach: int) -> np.ndarray:
    """How often each distance is to be expected (2, 4 * reach + 1) were the sites independent.

    Rows are one strand and opposite ones, columns the distances from -2 * reach on in half bases;
    `reach` is the farthest that a site lies from its window's middle, in half bases. It is the mean
    over all ways to deal out the second family's sites, each with its position and strand, to the
    windows anew.
    """
    counts = {}
    for which in (1, 2):
        place = np.rint(2 * pairs[f"position_{which}"]).to_numpy(np.int64) + reach
        for strand in "+-":
            own = place[(pairs[f"strand_{which}"] == strand).to_numpy()]
            counts[which, strand] = np.bincount(own, minlength=2 * reach + 1).astype(float)
    forward = {s: correlate(counts[2, s], counts[1, "+"]) for s in "+-"}
    backward = {s: correlate(counts[2, s], counts[1, "-"])[::-1] for s in "+-"}
    total = np.array([forward["+"] + backward["-"], forward["-"] + backward["+"]])
    return np.maximum(np.rint(total), 0) / max(len(pairs), 1)  # whole before; FFT blurs them


def pair_spacing(hits: pd.DataFrame, first: str, second: str, touching: float) -> pd.DataFrame:
    """Count the distances of two families' sites: one row for each that is possible.

    Sites nearer than `touching` bp, middle to middle, overlap and are left out: families that show
    parts of one motif would else keep a distance by themselves. p_value is Poisson's, of as many
    or more at this very distance where `expected` are to be expected.
    """
    pairs = pair_sites(hits, first, second)
    apart, same = distances(pairs)
    reach = int(np.rint(2 * pairs[["position_1", "position_2"]].abs().to_numpy().max(initial=0)))
    expected = expected_counts(pairs, reach)
    observed = np.zeros_like(expected, dtype=np.int64)
    np.add.at(observed, (np.where(same, 0, 1), apart + 2 * reach), 1)
    row, column = np.nonzero(expected)
    distance = (column - 2 * reach) / 2
    row, column, distance = (x[np.abs(distance) >= touching] for x in (row, column, distance))
    table = pd.DataFrame({"orientation": np.array(ORIENTATIONS)[row], "distance": distance})
    table = table.assign(gap=np.abs(distance) - touching, observed=observed[row, column])
    table = table.assign(expected=expected[row, column], first=first, second=second)
    p = poisson.sf(table["observed"] - 1, table["expected"])
    return table.assign(windows=len(pairs), p_value=np.maximum(p, MIN_P))


def spacing_table(hits: pd.DataFrame, widths: dict[str, int]) -> pd.DataFrame:
    """The spacing of all pairs of families, which `widths` names: `COLUMNS`, one row per distance.

    q_value is Benjamini and Hochberg's over all distances and pairs.
    """
    names = list(widths)
    tables = [
        pair_spacing(hits, first, second, (widths[first] + widths[second]) / 2)
        for i, first in enumerate(names)
        for second in names[i + 1 :]
    ]
    table = pd.concat(tables) if tables else pd.DataFrame(columns=[*COLUMNS[:-1]])
    q = benjamini_hochberg(table["p_value"].to_numpy(float))
    return table.assign(q_value=q)[COLUMNS].reset_index(drop=True)
