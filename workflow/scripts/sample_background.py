"""Choose the background windows of an experiment, and measure anew what they promise."""

import numpy as np
import pandas as pd
from peaks2motifs.background import (
    count_self_overlaps,
    genomic_gc,
    refuse_too_few,
    shuffled_peaks,
    user_windows,
)
from peaks2motifs.division import require_split
from peaks2motifs.intervals import overlaps
from peaks2motifs.joblog import InputError, joblog
from peaks2motifs.matching import count_gc_and_n, gc_distance
from peaks2motifs.splits import SPLITS
from peaks2motifs.tables import BED6, read_bed, write_bed, write_tsv
from peaks2motifs.windows import fetch_windows


def sample_background(
    peaks: str,
    splits: str,
    regions: str,
    blacklist: str,
    fasta: str,
    source: str | None,
    aliases: str | None,
    background_bed: str,
    qc_tsv: str,
    strategy: str,
    ratio: int,
    gc_tolerance: float,
    min_found: float,
    seed: int,
) -> None:
    """Write background.bed by one of three strategies; `source` is the user's own BED file."""
    table = read_bed(peaks)
    table["split"] = require_split(table, splits)
    avoid = (splits, regions, blacklist, fasta)
    if strategy == "genomic_gc":
        found, tally = genomic_gc(table, *avoid, ratio, gc_tolerance, seed)
    elif strategy == "dinucleotide_shuffle":
        found, tally = shuffled_peaks(table, fasta, ratio)
    elif not source:
        raise InputError(f"{peaks}: background.strategy is bed, but no background file is given")
    else:
        found, tally = user_windows(source, table, *avoid, ratio, aliases, seed)
    refuse_too_few(found, table, ratio, min_found, strategy, source or peaks, tally)
    qc = {"strategy": (strategy, "")}
    qc |= count_found(found, table, ratio)
    qc |= measure_overlaps(found, regions, blacklist, f"{fasta}.fai", strategy)
    qc |= tally | measure_bases(found, table, fasta)
    qc = pd.DataFrame([(what, _text(value), note) for what, (value, note) in qc.items()])
    qc.columns = ["what", "value", "note"]
    print(qc.to_string(index=False))
    write_tsv(qc, qc_tsv)
    write_bed(found[BED6], background_bed)


def _text(value: object) -> str:
    """A value of the table: six digits of a fraction, empty where there is none."""
    return str(value) if not isinstance(value, float) else "" if pd.isna(value) else f"{value:.6g}"


def count_found(found: pd.DataFrame, peaks: pd.DataFrame, ratio: int) -> dict[str, tuple]:
    """Count the windows asked for and found in each split, and those on their peak's chromosome."""
    rows = {}
    for split in SPLITS:
        asked, got = ratio * (peaks["split"] == split).sum(), (found["split"] == split).sum()
        rows[f"asked_{split}"] = (asked, f"{ratio} a peak")
        rows[f"found_{split}"] = (got, "" if got >= asked else f"{asked - got} fewer than asked")
    return rows


def measure_overlaps(
    found: pd.DataFrame, regions: str, blacklist: str, index: str, strategy: str
) -> dict[str, tuple]:
    """Count the windows that share a base with what they should avoid."""
    shuffled = strategy == "dinucleotide_shuffle"
    note = "shuffled windows bear the coordinates of their peaks" if shuffled else ""
    return {
        "overlaps_with_peaks": (overlaps(found, regions, index).sum(), note),
        "overlaps_with_blacklist": (overlaps(found, blacklist, index).sum(), ""),
        "overlaps_with_each_other": (count_self_overlaps(found), note),
    }


def measure_bases(found: pd.DataFrame, peaks: pd.DataFrame, fasta: str) -> dict[str, tuple]:
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


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        sample_background(
            peaks=snakemake.input.peaks,
            splits=snakemake.input.splits,
            regions=snakemake.input.regions,
            blacklist=snakemake.input.blacklist,
            fasta=snakemake.input.fasta,
            source=snakemake.input.get("background"),
            aliases=snakemake.input.get("aliases"),
            background_bed=snakemake.output.background,
            qc_tsv=snakemake.output.qc,
            strategy=snakemake.params.strategy,
            ratio=snakemake.params.ratio,
            gc_tolerance=snakemake.params.gc_tolerance,
            min_found=snakemake.params.min_found,
            seed=snakemake.params.seed,
        )
