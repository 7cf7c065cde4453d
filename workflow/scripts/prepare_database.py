"""Prepare the database of known motifs: JASPAR as pyjaspar carries it, or a MEME file."""

from collections.abc import Sequence

from peaks2motifs.formats import Motif, read_meme, write_meme
from peaks2motifs.joblog import InputError, joblog
from peaks2motifs.profiles import convert, open_jaspar
from peaks2motifs.tables import read_lines, write_text

MIN_MOTIFS = 50


def prepare_database(
    source: str, release: str, collection: str, taxa: Sequence[str] | str, output: str
) -> None:
    """Write the known motifs as a MEME file.

    `source` is "jaspar" or the path of a MEME file, gzipped or not, whose text is checked and
    copied. Of JASPAR the latest version of each profile of `collection` is taken, for the taxonomic
    groups `taxa`, a list as in ["fungi"], or "all".
    """
    if source == "jaspar":
        write_meme(fetch_jaspar(release, collection, taxa), output)
    else:
        write_text("".join(read_lines(source, "MEME motifs").values()), output)
    try:
        motifs, _ = read_meme(output)
    except InputError as error:  # the copy goes when the job fails; the user has the source
        raise InputError(str(error).replace(output, source)) from None
    if not motifs:
        raise InputError(f"{source}: no motif in it: no line begins with 'MOTIF'")
    print(f"{source}: {len(motifs)} motifs")
    if len(motifs) < MIN_MOTIFS:
        print(f"WARNING: p-values are rough with fewer than {MIN_MOTIFS} known motifs")


def fetch_jaspar(release: str, collection: str, taxa: Sequence[str] | str) -> list[Motif]:
    """Fetch JASPAR's profiles, offline, in the order of their identifiers."""
    database = open_jaspar(release)
    found = {}
    for group in [None] if taxa == "all" else taxa:
        profiles = database.fetch_motifs(collection=collection, tax_group=group and [group])
        if not profiles:
            raise InputError(
                f"names.taxa: {release} has no profile of names.collection {collection} for taxon "
                f"{group or 'all'}"
            )
        found |= {profile.matrix_id: profile for profile in profiles}
    return [convert(found[name]) for name in sorted(found)]


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        prepare_database(
            source=snakemake.params.source,
            release=snakemake.params.release,
            collection=snakemake.params.collection,
            taxa=snakemake.params.taxa,
            output=snakemake.output[0],
        )
