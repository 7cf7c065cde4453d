"""From the user's peak file to windows of one length on the genome, with every drop counted."""

import pandas as pd
from peaks2motifs.core.joblog import InputError, joblog
from peaks2motifs.core.tables import write_bed, write_tsv
from peaks2motifs.data.chromosomes import MISFITS, count_chromosomes, read_aliases, warn_of_misfits
from peaks2motifs.data.genome import chrom_sizes, described_chromosomes
from peaks2motifs.data.intervals import BED3, clip, merge, read_peaks
from peaks2motifs.data.windows import DROPS, centred_windows, judge_windows, sort_by_genome


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
    """Write the windows to learn from, what background must avoid, and the count of all drops."""
    peaks, skipped = read_peaks(source)
    sizes = chrom_sizes(fasta)
    pairs = read_aliases(aliases) if aliases else None
    names = count_chromosomes(
        peaks["chrom"], sizes.index, pairs, described_chromosomes(fasta), source
    )
    write_tsv(names, chromosomes_tsv)
    peaks["chrom"] = peaks["chrom"].map(names.set_index("peaks_name")["genome_name"])
    windows = sort_by_genome(centred_windows(peaks, length), sizes)
    extents = pd.concat([peaks[BED3], windows[BED3]]).dropna(subset="chrom")
    write_bed(merge(clip(extents, sizes), f"{fasta}.fai"), regions_bed)
    verdict = judge_windows(windows, fasta, blacklist, max_n_fraction, max_overlap, max_peaks)
    qc = count_peaks(peaks["summit_from"], verdict, skipped)
    write_tsv(qc, qc_tsv)
    print(names.to_string(index=False, na_rep=""), qc.to_string(index=False), sep="\n")
    warn(source, verdict)
    write_bed(windows[verdict == "kept"], peaks_bed)


def count_peaks(summit_from: pd.Series, verdict: pd.Series, skipped: int) -> pd.DataFrame:
    """Tabulate `what count note`: lines skipped, how summits were found, drops by reason, kept."""
    counts = {
        "lines_skipped": (skipped, "blank, #, track and browser lines"),
        "peaks_read": (len(verdict), ""),
    }
    summits = {
        "column_10": "start + peak of a narrowPeak",
        "1bp": "the one base of the peak",
        "midpoint": "the middle of the peak",
    }
    for way, note in summits.items():
        counts[f"summit_from_{way}"] = (int((summit_from == way).sum()), note)
    for reason, note in (DROPS | {"kept": ""}).items():
        counts[reason] = (int((verdict == reason).sum()), note)
    assert sum(counts[reason][0] for reason in [*DROPS, "kept"]) == len(verdict)
    return pd.DataFrame([(what, *row) for what, row in counts.items()], columns=QC_COLUMNS)


QC_COLUMNS = ["what", "count", "note"]


def warn(source: str, verdict: pd.Series) -> None:
    """Raise InputError when no peak is kept; print a line when many do not fit the genome."""
    found = verdict.value_counts()
    if "kept" not in found:
        reasons = ", ".join(f"{reason} {count}" for reason, count in found.items())
        raise InputError(f"{source}: none of {len(verdict)} peaks is kept: {reasons}")
    misfits = {reason: found.get(f"dropped_{reason}", 0) for reason in MISFITS}
    warn_of_misfits(misfits, len(verdict), f"windows of {source}")


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
