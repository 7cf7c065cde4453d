"""Quality control of the chosen background windows: background.qc.tsv.

Tables of windows hold the BED6 columns and `split`. A measure is `what: (value, note)`.
"""

import numpy as np
import pandas as pd
from pybedtools import BedTool

from peaks2motifs.data.gc_matching import count_gc_and_n, gc_distance
from peaks2motifs.data.intervals import BED3, overlaps
from peaks2motifs.data.splits import SPLITS
from peaks2motifs.data.windows import fetch_windows

Measures = dict[str, tuple[object, str]]


def count_per_split(background: pd.DataFrame, peaks: pd.DataFrame, ratio: int) -> Measures:
    """Count the windows requested and found in each split."""
    rows = {}
    for split in SPLITS:
        requested = ratio * (peaks["split"] == split).sum()
        found = (background["split"] == split).sum()
        shortage = "" if found >= requested else f"{requested - found} fewer than asked"
        rows[f"asked_{split}"] = (requested, f"{ratio} a peak")
        rows[f"found_{split}"] = (found, shortage)
    return rows


def measure_overlaps(
    background: pd.DataFrame, regions: str, blacklist: str, index: str, strategy: str
) -> Measures:
    """Count the windows that overlap a peak, the blacklist or each other."""
    shuffled = strategy == "dinucleotide_shuffle"
    note = "shuffled windows bear the coordinates of their peaks" if shuffled else ""
    return {
        "overlaps_with_peaks": (overlaps(background, regions, index).sum(), note),
        "overlaps_with_blacklist": (overlaps(background, blacklist, index).sum(), ""),
        "overlaps_with_each_other": (count_self_overlaps(background), note),
    }


def measure_bases(background: pd.DataFrame, peaks: pd.DataFrame, fasta: str) -> Measures:
    """Compare the base content of background and peaks; shuffling does not change it."""
    fractions, n_bases = [], 0
    for table in (peaks, background):
        gc, n = count_gc_and_n(table, lambda rows: fetch_windows(rows, fasta))
        length = (table["end"] - table["start"]).to_numpy()
        fractions.append(gc / np.maximum(length - n, 1))
        n_bases = n.sum()
    source = background["name"].str.rsplit("_bg", n=1).str[0].map(peaks.set_index("name")["chrom"])
    same_chromosome = (source == background["chrom"])[source.notna()].mean()
    return {
        "gc_distance_after": (gc_distance(*fractions), "earth mover's, background to peaks"),
        "gc_peaks": (fractions[0].mean(), "mean fraction of G and C"),
        "gc_background": (fractions[1].mean(), "mean fraction of G and C"),
        "n_bases": (n_bases, "N in background"),
        "window_length": ("/".join(map(str, sorted(set(length)))), "bases"),
        "same_chromosome": (same_chromosome, "fraction of windows on the chromosome of their peak"),
    }


def count_self_overlaps(windows: pd.DataFrame) -> int:
    """Count the windows, sorted, that overlap an earlier one."""
    if windows.empty:
        return 0
    return len(windows) - BedTool.from_dataframe(windows[BED3]).merge(d=-1).count()


def tabulate(measures: Measures) -> pd.DataFrame:
    """Tabulate `what value note`."""
    rows = [(what, _text(value), note) for what, (value, note) in measures.items()]
    return pd.DataFrame(rows, columns=["what", "value", "note"])


def _text(value: object) -> str:
    """Format a value: fractions with six digits, missing values empty."""
    return str(value) if not isinstance(value, float) else "" if pd.isna(value) else f"{value:.6g}"
