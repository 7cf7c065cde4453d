"""Write window scores as tracks for genome browsers."""

from peaks2motifs.core.joblog import joblog
from peaks2motifs.data.genome import chrom_sizes
from peaks2motifs.model.tracks import mean_track, read_scores, write_track


def write_tracks(predictions: str, fasta: str, bedgraph: str, bigwig: str) -> None:
    """Write the mean score at each base as bedGraph and as bigWig, with the same values."""
    track = mean_track(read_scores(predictions))
    intervals = write_track(track, chrom_sizes(fasta), bedgraph, bigwig)
    print(f"{bigwig}: {intervals} intervals")


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        write_tracks(
            predictions=snakemake.input.predictions,
            fasta=snakemake.input.fasta,
            bedgraph=snakemake.output.bedgraph,
            bigwig=snakemake.output.bigwig,
        )
