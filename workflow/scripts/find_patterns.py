"""Find the motifs of one experiment in its attributions by TF-MoDISco, and name them."""

import h5py
import hdf5plugin  # noqa: F401 (registers the compression of contributions.h5)
from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.tables import write_tsv
from peaks2motifs.motifs import modisco
from peaks2motifs.motifs.meme import read_meme, write_meme


def find_patterns(
    contributions: str,
    families: str,
    database: str,
    motifs_file: str,
    table_file: str,
    trim_information: float,
    pseudocount: float,
    alike: dict[str, float],
    threads: int,
) -> None:
    """Write modisco.meme, and modisco.tsv: a row for each pattern, with family and known motif.

    `families` is family_motifs.meme, `database` contains known motifs. `alike` holds the arguments
    of `similarity.compare_motifs`, which decide if a pattern is similar to a family.
    """
    with h5py.File(contributions) as file:
        codes, hypothetical, background = (
            file[name][:] for name in ("codes", "hypothetical", "background")
        )
    patterns = modisco.find_patterns(codes, hypothetical, threads)
    motifs, table = modisco.pattern_motifs(patterns, background, trim_information, pseudocount)
    family_motifs, targets = read_meme(families)[0], read_meme(database)[0]
    table = modisco.name_patterns(table, motifs, family_motifs, targets, alike, threads)
    write_meme(motifs, motifs_file, background)
    write_tsv(table, table_file)
    print(f"{len(codes)} windows, {len(patterns)} patterns, {len(motifs)} with a motif")


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        find_patterns(
            contributions=snakemake.input.contributions,
            families=snakemake.input.families,
            database=snakemake.input.database,
            motifs_file=snakemake.output.motifs,
            table_file=snakemake.output.table,
            trim_information=snakemake.params.trim_information,
            pseudocount=snakemake.params.pseudocount,
            alike={
                "max_p": snakemake.params.family_p,
                "min_overlap": snakemake.params.family_overlap,
            },
            threads=snakemake.threads,
        )
