"""Assign the genome's chromosomes, or blocks of them, to train, valid and test."""

from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.tables import read_bed, write_bed
from peaks2motifs.data.genome import chrom_sizes
from peaks2motifs.data.splits import (
    chromosome_blocks,
    describe_splits,
    split_by_chromosome,
    split_random_blocks,
)


def assign_splits(
    peaks_bed: str,
    fasta: str,
    strategy: str,
    valid: list[str] | str,
    test: list[str] | str,
    seed: int,
    splits_bed: str,
) -> None:
    """Write `chrom start end split` rows that cover the genome; print the size of each split."""
    peaks, sizes = read_bed(peaks_bed), chrom_sizes(fasta)
    if strategy == "random":
        blocks = split_random_blocks(peaks, sizes, seed=seed)
    else:
        counts = peaks["chrom"].value_counts().reindex(sizes.index, fill_value=0)
        split = split_by_chromosome(counts, valid, test)
        blocks = chromosome_blocks(split, sizes)
        for label in ("valid", "test"):
            print(f"{label}: {', '.join(split.index[split == label])}")
    print(describe_splits(blocks, peaks).to_string(index=False))
    write_bed(blocks, splits_bed)


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        assign_splits(
            peaks_bed=snakemake.input.peaks,
            fasta=snakemake.input.fasta,
            strategy=snakemake.params.strategy,
            valid=snakemake.params.valid,
            test=snakemake.params.test,
            seed=snakemake.params.seed,
            splits_bed=snakemake.output[0],
        )
