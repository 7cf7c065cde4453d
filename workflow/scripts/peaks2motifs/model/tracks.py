"""Window scores as genome browser tracks: bedGraph and bigWig, with the same values.

The value at each base is the mean score of the windows that cover it; uncovered bases have none. A
track thus consists of intervals between window borders. Intervals are as long as the stride if the
window length is a multiple of it.
"""

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd
import pyBigWig

from peaks2motifs.core.tables import open_gz, read_tsv

DECIMALS = 6
Track = Iterable[tuple[str, pd.DataFrame]]  # chromosome, and its intervals `start end value`


def read_scores(path: str, rows: int = 1 << 18) -> Iterator[tuple[str, pd.DataFrame]]:
    """Read scored windows by chromosome, a chunk at a time: `start end value`.

    value is the score in millionths, an integer, so that sums are exact.
    """
    columns = ["chrom", "start", "end", "score"]
    for chunk in read_tsv(path, usecols=columns, dtype={"chrom": str}, chunksize=rows):
        value = (chunk["score"] * 10**DECIMALS).round()
        scored = chunk.assign(value=value)[value.notna()].astype({"value": np.int64})
        for chrom, table in scored.groupby("chrom", sort=False):
            yield chrom, table[["start", "end", "value"]]


def mean_track(windows: Track) -> Iterator[tuple[str, pd.DataFrame]]:
    """Convert windows sorted by start, from `read_scores`, into a track.

    Only windows that later ones may still overlap are kept in memory.
    """
    current_chrom, pending = None, None
    for chrom, table in windows:
        if chrom != current_chrom:
            if current_chrom is not None:
                yield current_chrom, mean_intervals(pending)
            current_chrom, pending = chrom, table.iloc[:0]
        pending = pd.concat([pending, table])
        border = table["start"].iloc[-1]  # no later window starts before it
        yield chrom, mean_intervals(pending.assign(end=pending["end"].clip(upper=border)))
        is_open = pending["end"] > border
        pending = pending[is_open].assign(start=pending["start"].clip(lower=border))
    if current_chrom is not None:
        yield current_chrom, mean_intervals(pending)


def mean_intervals(windows: pd.DataFrame) -> pd.DataFrame:
    """Average windows `start end value`, value in millionths, over each interval they cover."""
    windows = windows[windows["start"] < windows["end"]]
    borders, indices = np.unique(windows[["start", "end"]].to_numpy(), return_inverse=True)
    starts, ends = indices.reshape(-1, 2).T
    depth, total = np.zeros((2, len(borders)), np.int64)
    for array, value in ((depth, 1), (total, windows["value"].to_numpy())):
        np.add.at(array, starts, value)
        np.subtract.at(array, ends, value)
    depth, total = depth.cumsum(), total.cumsum()
    covered = np.flatnonzero(depth)
    value = (total[covered] / depth[covered]).round() / 10**DECIMALS
    return pd.DataFrame({"start": borders[covered], "end": borders[covered + 1], "value": value})


def write_track(track: Track, sizes: pd.Series, bedgraph: str, bigwig: str) -> int:
    """Write a track as gzipped bedGraph and as bigWig; return its number of intervals.

    `sizes` holds the length of every chromosome by name, in the order of the track.
    """
    written = 0
    with open_gz(bedgraph) as text, pyBigWig.open(bigwig, "w") as binary:
        binary.addHeader([(chrom, int(size)) for chrom, size in sizes.items()])
        for chrom, table in track:
            table.assign(chrom=chrom)[["chrom", "start", "end", "value"]].to_csv(
                text, sep="\t", header=False, index=False, float_format=f"%.{DECIMALS}f"
            )
            if len(table):
                start, end, value = (table[name].to_numpy() for name in table.columns)
                binary.addEntries(np.full(len(table), chrom), start, ends=end, values=value)
            written += len(table)
    return written
