"""Scan the windows of one experiment for the known motifs of the database."""

from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.limits import MAX_SCANNED_TEST, MAX_SCANNED_TRAINING
from peaks2motifs.core.tables import write_tsv
from peaks2motifs.data.dataset import read_peaks_and_background
from peaks2motifs.data.encode import fill_factors
from peaks2motifs.motifs.known_motifs import judge_profiles
from peaks2motifs.motifs.meme import read_meme


def scan_known(
    dataset: str,
    database: str,
    table: str,
    has_summits: bool,
    factor: str = "",
    label: str | None = None,
) -> None:
    """Write known.tsv: one row for each profile of the database, judged on test windows.

    `factor` is the experiment's, "" if unknown; its own profiles are marked. Of peaks and of
    background, at most `MAX_SCANNED_TEST` test windows and `MAX_SCANNED_TRAINING` training windows
    each are scanned. For a model with classes, peaks are the windows of class `label`.
    """
    profiles = read_meme(database)[0]
    train = read_peaks_and_background(dataset, "train", MAX_SCANNED_TRAINING, label)
    test = read_peaks_and_background(dataset, "test", MAX_SCANNED_TEST, label)
    known = judge_profiles(profiles, train, test, has_summits, factor)
    write_tsv(known, table)
    print(
        f"{len(known)} known motifs in {len(test[0])} peaks and {len(test[1])} background windows, "
        f"{known['own'].sum()} of them of the factor {factor or '(unknown)'}"
    )


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        [factor] = fill_factors([snakemake.params.factor], snakemake.input.records)
        scan_known(
            dataset=snakemake.input.dataset,
            database=snakemake.input.database,
            table=snakemake.output[0],
            has_summits=snakemake.params.has_summits,
            factor=factor,
            label=snakemake.params.label,
        )
