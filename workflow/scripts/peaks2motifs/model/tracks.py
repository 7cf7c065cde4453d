"""Scores of windows as tracks for genome browsers: bedGraph and bigWig, with the same values.

A track holds at each base the mean score of the windows that cover it, and nothing where none does.
So it is made of stretches between the borders of windows, each as long as the stride when that
divides the window's length.
"""

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd
import pyBigWig

from peaks2motifs.core.tables import open_gz, read_tsv

DECIMALS = 6
Track = Iterable[tuple[str, pd.DataFrame]]  # name of a chromosome, stretches `start end value`


def read_scores(path: str, rows: int = 1 << 18) -> Iterator[tuple[str, pd.DataFrame]]:
    """Read windows that have a score, by chromosome, some at a time: `start end value`.

    value is the score in millionths, a whole number, so that sums are exact.
    """
    columns = ["chrom", "start", "end", "score"]
    for chunk in read_tsv(path, usecols=columns, dtype={"chrom": str}, chunksize=rows):
        value = (chunk["score"] * 10**DECIMALS).round()
        scored = chunk.assign(value=value)[value.notna()].astype({"value": np.int64})
        for chrom, table in scored.groupby("chrom", sort=False):
            yield chrom, table[["start", "end", "value"]]


def mean_track(windows: Track) -> Iterator[tuple[str, pd.DataFrame]]:
    """Turn windows sorted by start, as `read_scores` gives them, into a track.

    Held in memory are only the windows that later ones may still overlap.
    """
    current, held = None, None
    for chrom, table in windows:
        if chrom != current:
            if current is not None:
                yield current, mean_stretches(held)
            current, held = chrom, table.iloc[:0]
        held = pd.concat([held, table])
        border = table["start"].iloc[-1]  # where a window begins, before which none will
        yield chrom, mean_stretches(held.assign(end=held["end"].clip(upper=border)))
        held = held[held["end"] > border].assign(start=held["start"].clip(lower=border))
    if current is not None:
        yield current, mean_stretches(held)


def mean_stretches(windows: pd.DataFrame) -> pd.DataFrame:
    """Average windows `start end value`, value in millionths, over each stretch they cover."""
    windows = windows[windows["start"] < windows["end"]]
    borders, place = np.unique(windows[["start", "end"]].to_numpy(), return_inverse=True)
    first, last = place.reshape(-1, 2).T
    depth, total = np.zeros((2, len(borders)), np.int64)
    for array, value in ((depth, 1), (total, windows["value"].to_numpy())):
        np.add.at(array, first, value)
        np.subtract.at(array, last, value)
    depth, total = depth.cumsum(), total.cumsum()
    covered = np.flatnonzero(depth)
    value = (total[covered] / depth[covered]).round() / 10**DECIMALS
    return pd.DataFrame({"start": borders[covered], "end": borders[covered + 1], "value": value})


def write_track(track: Track, sizes: pd.Series, bedgraph: str, bigwig: str) -> int:
    """Write a track as gzipped bedGraph and as bigWig; return how many stretches it has.

    `sizes` are the lengths of all chromosomes by name, in the order of the track.
    """
    written = 0
    with open_gz(bedgraph) as text, pyBigWig.open(bigwig, "w") as binary:
        binary.addHeader([(chrom, int(size)) for chrom, size in sizes.items()])
        for chrom, table in track:
            table.assign(chrom=chrom)[["chrom", "start", "end", "value"]].to_csv(
                text, sep="\t", header=False, index=False, float_format=f"%.{DECIMALS}f"
            )
            if len(table):
                columns = [table[name].to_numpy() for name in ("start", "end", "value")]
                start, end, value = columns
                binary.addEntries(np.full(len(table), chrom), start, ends=end, values=value)
            written += len(table)
    return written
