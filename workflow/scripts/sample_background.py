"""Choose the background windows of an experiment and measure their quality."""

from peaks2motifs.core.joblog import InputError, joblog
from peaks2motifs.core.tables import BED6, read_bed, write_bed, write_tsv
from peaks2motifs.data.background import check_counts, genomic_gc, shuffled_peaks, user_windows
from peaks2motifs.data.background_qc import (
    count_per_split,
    measure_bases,
    measure_overlaps,
    tabulate,
)
from peaks2motifs.data.split_membership import require_split


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
    """Write background.bed by one of three strategies, and its QC table.

    `source` is the user's BED file of strategy bed. Raises InputError if windows are too few.
    """
    table = read_bed(peaks)
    table["split"] = require_split(table, splits)
    files = (splits, regions, blacklist, fasta)
    if strategy == "genomic_gc":
        background, tally = genomic_gc(table, *files, ratio, gc_tolerance, seed)
    elif strategy == "dinucleotide_shuffle":
        background, tally = shuffled_peaks(table, fasta, ratio)
    elif not source:
        raise InputError(f"{peaks}: background.strategy is bed, but no background file is given")
    else:
        background, tally = user_windows(source, table, *files, ratio, aliases, seed)
    check_counts(background, table, ratio, min_found, strategy, source or peaks, tally)
    qc = {"strategy": (strategy, "")}
    qc |= count_per_split(background, table, ratio)
    qc |= measure_overlaps(background, regions, blacklist, f"{fasta}.fai", strategy)
    qc = tabulate(qc | tally | measure_bases(background, table, fasta))
    print(qc.to_string(index=False))
    write_tsv(qc, qc_tsv)
    write_bed(background[BED6], background_bed)


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
