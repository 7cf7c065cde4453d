"""What background promises, measured anew on the windows chosen: background.qc.tsv.

Tables of windows hold BED6 columns and `split`. Each measure is `what: (value, note)`.
"""

import numpy as np
import pandas as pd
from pybedtools import BedTool

from peaks2motifs.data.gc_matching import count_gc_and_n, gc_distance
from peaks2motifs.data.intervals import BED3, overlaps
from peaks2motifs.data.splits import SPLITS
from peaks2motifs.data.windows import fetch_windows

Measures = dict[str, tuple[object, str]]


def count_found(found: pd.DataFrame, peaks: pd.DataFrame, ratio: int) -> Measures:
    """Count the windows asked for and found in each split, and those on their peak's chromosome."""
    rows = {}
    for split in SPLITS:
        asked, got = ratio * (peaks["split"] == split).sum(), (found["split"] == split).sum()
        rows[f"asked_{split}"] = (asked, f"{ratio} a peak")
        rows[f"found_{split}"] = (got, "" if got >= asked else f"{asked - got} fewer than asked")
    return rows


def measure_overlaps(
    found: pd.DataFrame, regions: str, blacklist: str, index: str, strategy: str
) -> Measures:
    """Count the windows that share a base with what they should avoid."""
    shuffled = strategy == "dinucleotide_shuffle"
    note = "shuffled windows bear the coordinates of their peaks" if shuffled else ""
    return {
        "overlaps_with_peaks": (overlaps(found, regions, index).sum(), note),
        "overlaps_with_blacklist": (overlaps(found, blacklist, index).sum(), ""),
        "overlaps_with_each_other": (count_self_overlaps(found), note),
    }


def measure_bases(found: pd.DataFrame, peaks: pd.DataFrame, fasta: str) -> Measures:
    """Measure the background's bases beside those of the peaks; shuffling would not change them."""
    fractions, n_bases = [], 0
    for table in (peaks, found):
        gc, n = count_gc_and_n(table, lambda rows: fetch_windows(rows, fasta))
        length = (table["end"] - table["start"]).to_numpy()
        fractions.append(gc / np.maximum(length - n, 1))
        n_bases = n.sum()
    source = found["name"].str.rsplit("_bg", n=1).str[0].map(peaks.set_index("name")["chrom"])
    same = (source == found["chrom"])[source.notna()].mean()
    return {
        "gc_distance_after": (gc_distance(*fractions), "earth mover's, background to peaks"),
        "gc_peaks": (fractions[0].mean(), "mean fraction of G and C"),
        "gc_background": (fractions[1].mean(), "mean fraction of G and C"),
        "n_bases": (n_bases, "N in background"),
        "window_length": ("/".join(map(str, sorted(set(length)))), "bases"),
        "same_chromosome": (same, "fraction of windows on the chromosome of their peak"),
    }


def count_self_overlaps(windows: pd.DataFrame) -> int:
    """Count the windows that share a base with an earlier one; windows are sorted."""
    if windows.empty:
        return 0
    return len(windows) - BedTool.from_dataframe(windows[BED3]).merge(d=-1).count()


def tabulate(measures: Measures) -> pd.DataFrame:
    """Make the table `what value note`."""
    rows = [(what, _text(value), note) for what, (value, note) in measures.items()]
    return pd.DataFrame(rows, columns=["what", "value", "note"])


def _text(value: object) -> str:
    """A value of the table: six digits of a fraction, empty where there is none."""
    return str(value) if not isinstance(value, float) else "" if pd.isna(value) else f"{value:.6g}"
