"""Choose windows at the peaks of other experiments, for the second contrast of one experiment."""

from collections.abc import Mapping

from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.tables import BED6, read_bed, write_bed, write_tsv
from peaks2motifs.data.background_qc import (
    count_per_split,
    measure_bases,
    measure_overlaps,
    tabulate,
)
from peaks2motifs.data.other_peaks import other_peaks
from peaks2motifs.data.split_membership import require_split


def sample_others(
    peaks: str,
    splits: str,
    regions: str,
    blacklist: str,
    fasta: str,
    aliases: str | None,
    others: Mapping[str, str],
    others_bed: str,
    qc_tsv: str,
    ratio: int,
    gc_tolerance: float,
    distance: int,
    seed: int,
) -> None:
    """Write others.bed, up to `ratio` windows per peak, named after their experiments; and its QC.

    `others` has the peak files of other experiments. That there are few windows is no error.
    """
    table = read_bed(peaks)
    table["split"] = require_split(table, splits)
    files = (splits, regions, blacklist, fasta)
    windows, counts = other_peaks(
        others, table, *files, aliases, ratio, gc_tolerance, distance, seed
    )
    qc = count_per_split(windows, table, ratio) | counts
    if len(windows):
        qc |= measure_overlaps(windows, regions, blacklist, f"{fasta}.fai", "other_peaks")
        qc |= measure_bases(windows, table, fasta)
    qc = tabulate(qc)
    print(qc.to_string(index=False))
    write_tsv(qc, qc_tsv)
    write_bed(windows.assign(name=windows["origin"])[BED6], others_bed)


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        sample_others(
            peaks=snakemake.input.peaks,
            splits=snakemake.input.splits,
            regions=snakemake.input.regions,
            blacklist=snakemake.input.blacklist,
            fasta=snakemake.input.fasta,
            aliases=snakemake.input.get("aliases"),
            others=dict(zip(snakemake.params.others, snakemake.input.others, strict=True)),
            others_bed=snakemake.output.others,
            qc_tsv=snakemake.output.qc,
            ratio=snakemake.params.ratio,
            gc_tolerance=snakemake.params.gc_tolerance,
            distance=snakemake.params.distance,
            seed=snakemake.params.seed,
        )
