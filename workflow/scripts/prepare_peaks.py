"""Turn the user's peaks into windows of one length on the genome; count every dropped peak."""

import pandas as pd
from peaks2motifs.core.joblog import InputError, joblog
from peaks2motifs.core.tables import write_bed, write_tsv
from peaks2motifs.data.chromosomes import ASSEMBLY_MISMATCHES, warn_of_other_assembly
from peaks2motifs.data.genome import chrom_sizes, rename_chromosomes
from peaks2motifs.data.intervals import BED3, clip, merge, read_peaks
from peaks2motifs.data.windows import DROP_REASONS, centred_windows, judge_windows, sort_by_genome


def prepare_peaks(
    source: str,
    fasta: str,
    blacklist: str,
    aliases: str | None,
    peaks_bed: str,
    regions_bed: str,
    qc_tsv: str,
    chromosomes_tsv: str,
    length: int,
    max_peaks: int | None,
    max_overlap: float,
    max_n_fraction: float,
) -> None:
    """Write the windows, the regions that background must avoid, and the QC tables.

    Each peak gives a window of `length` bp round its summit, or a reason why it is dropped.
    """
    peaks, skipped = read_peaks(source)
    sizes = chrom_sizes(fasta)
    names = rename_chromosomes(peaks, fasta, aliases, source)
    write_tsv(names, chromosomes_tsv)
    windows = sort_by_genome(centred_windows(peaks, length), sizes)
    extents = pd.concat([peaks[BED3], windows[BED3]]).dropna(subset="chrom")
    write_bed(merge(clip(extents, sizes), f"{fasta}.fai"), regions_bed)
    status = judge_windows(windows, fasta, blacklist, max_n_fraction, max_overlap, max_peaks)
    qc = count_peaks(peaks["summit_from"], status, skipped)
    write_tsv(qc, qc_tsv)
    print(names.to_string(index=False, na_rep=""), qc.to_string(index=False), sep="\n")
    check_kept(source, status)
    write_bed(windows[status == "kept"], peaks_bed)


def count_peaks(summit_from: pd.Series, status: pd.Series, skipped: int) -> pd.DataFrame:
    """Tabulate `what count note`: lines skipped, sources of summits, drops by reason, kept."""
    counts = {
        "lines_skipped": (skipped, "blank, #, track and browser lines"),
        "peaks_read": (len(status), ""),
    }
    summits = {
        "column_10": "start + peak of a narrowPeak",
        "1bp": "the one base of the peak",
        "midpoint": "the middle of the peak",
    }
    for origin, note in summits.items():
        counts[f"summit_from_{origin}"] = (int((summit_from == origin).sum()), note)
    for reason, note in (DROP_REASONS | {"kept": ""}).items():
        counts[reason] = (int((status == reason).sum()), note)
    assert sum(counts[reason][0] for reason in [*DROP_REASONS, "kept"]) == len(status)
    return pd.DataFrame([(what, *row) for what, row in counts.items()], columns=QC_COLUMNS)


QC_COLUMNS = ["what", "count", "note"]


def check_kept(source: str, status: pd.Series) -> None:
    """Raise InputError if no peak is kept; warn if many do not fit the genome."""
    counts = status.value_counts()
    if "kept" not in counts:
        reasons = ", ".join(f"{reason} {count}" for reason, count in counts.items())
        raise InputError(f"{source}: none of {len(status)} peaks is kept: {reasons}")
    mismatches = {reason: counts.get(f"dropped_{reason}", 0) for reason in ASSEMBLY_MISMATCHES}
    warn_of_other_assembly(mismatches, len(status), f"windows of {source}")


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        prepare_peaks(
            source=snakemake.input.peaks,
            fasta=snakemake.input.fasta,
            blacklist=snakemake.input.blacklist,
            aliases=snakemake.input.get("aliases"),
            peaks_bed=snakemake.output.peaks,
            regions_bed=snakemake.output.regions,
            qc_tsv=snakemake.output.qc,
            chromosomes_tsv=snakemake.output.chromosomes,
            length=snakemake.params.length,
            max_peaks=snakemake.params.max_peaks,
            max_overlap=snakemake.params.max_overlap,
            max_n_fraction=snakemake.params.max_n_fraction,
        )
