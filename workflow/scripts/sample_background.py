"""Choose the background windows of an experiment and measure their quality."""

from collections.abc import Mapping

import pandas as pd
from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.tables import BED6, read_bed, write_bed, write_tsv
from peaks2motifs.data.background import (
    Tally,
    check_counts,
    genomic_gc,
    read_pool,
    shuffled_peaks,
    user_windows,
)
from peaks2motifs.data.background_qc import (
    count_per_split,
    measure_bases,
    measure_overlaps,
    tabulate,
)
from peaks2motifs.data.genome import chrom_sizes
from peaks2motifs.data.other_peaks import other_peaks
from peaks2motifs.data.split_membership import require_split
from peaks2motifs.data.windows import sort_by_genome, window_length

ORDER = ("other_peaks", "pool", "genomic_gc", "dinucleotide_shuffle", "bed")  # the rarest first


def sample_background(
    peaks: str,
    splits: str,
    regions: str,
    blacklist: str,
    fasta: str,
    source: str | None,
    pool: str | None,
    others: Mapping[str, str],
    aliases: str | None,
    background_bed: str,
    qc_tsv: str,
    shares: Mapping[str, int],
    gc_tolerance: float,
    distance: int,
    min_found: float,
    seed: int,
) -> None:
    """Write background.bed and its QC table.

    `shares` has the number of windows per peak of each strategy. `source` is the user's BED file of
    strategy bed, `pool` that of strategy pool, `others` has the peak files of other experiments.
    Raises InputError if a strategy finds too few windows.
    """
    table = read_bed(peaks)
    table["split"] = require_split(table, splits)
    files = (splits, regions, blacklist, fasta)
    background, tally = pd.DataFrame(columns=[*BED6, "split"]), {}
    for strategy in sorted(shares, key=ORDER.index):
        ratio, taken = shares[strategy], background if len(background) else None
        if strategy == "other_peaks":
            found = other_peaks(others, table, *files, aliases, ratio, gc_tolerance, distance, seed)
        elif strategy == "dinucleotide_shuffle":
            found = shuffled_peaks(table, fasta, ratio)
        elif strategy == "bed":
            found = user_windows(source, table, *files, ratio, aliases, seed)
        else:
            within = None
            if strategy == "pool":
                within = read_pool(pool, fasta, aliases, window_length(table))
            found = genomic_gc(table, *files, ratio, gc_tolerance, seed, within, taken)
        windows, counts = found
        given = {"bed": source, "pool": pool}.get(strategy, peaks)
        check_counts(windows, table, ratio, min_found, strategy, given, counts)
        tally |= label_counts(counts, strategy if len(shares) > 1 else "")
        background = (
            windows if taken is None else pd.concat([background, number_on(taken, windows)])
        )
    background = sort_by_genome(background, chrom_sizes(fasta))
    strategy = " + ".join(shares)
    qc = {"strategy": (strategy, "")}
    qc |= count_per_split(background, table, sum(shares.values()))
    qc |= measure_overlaps(background, regions, blacklist, f"{fasta}.fai", strategy)
    qc = tabulate(qc | tally | measure_bases(background, table, fasta))
    print(qc.to_string(index=False))
    write_tsv(qc, qc_tsv)
    write_bed(background[BED6], background_bed)


def label_counts(counts: Tally, strategy: str) -> Tally:
    """Put the strategy in front of the names of its counts, if there are several strategies."""
    return {f"{strategy}_{what}" if strategy else what: row for what, row in counts.items()}


def number_on(taken: pd.DataFrame, windows: pd.DataFrame) -> pd.DataFrame:
    """Number the copies of a peak's windows, <peak>_bg<copy>, on from those of `taken`."""
    peak, copy = (windows["name"].str.rsplit("_bg", n=1).str[part] for part in (0, 1))
    last = taken["name"].str.rsplit("_bg", n=1).str[1].astype(int).max()
    return windows.assign(name=peak + "_bg" + (copy.astype(int) + last).astype(str))


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        sample_background(
            peaks=snakemake.input.peaks,
            splits=snakemake.input.splits,
            regions=snakemake.input.regions,
            blacklist=snakemake.input.blacklist,
            fasta=snakemake.input.fasta,
            source=snakemake.input.get("background"),
            pool=snakemake.input.get("pool"),
            others=dict(zip(snakemake.params.others, snakemake.input.others, strict=True)),
            aliases=snakemake.input.get("aliases"),
            background_bed=snakemake.output.background,
            qc_tsv=snakemake.output.qc,
            shares=snakemake.params.shares,
            gc_tolerance=snakemake.params.gc_tolerance,
            distance=snakemake.params.distance,
            min_found=snakemake.params.min_found,
            seed=snakemake.params.seed,
        )
