"""Prepare the database of known motifs: JASPAR as pyjaspar carries it, or files of motifs."""

from collections.abc import Sequence

from peaks2motifs.core.joblog import InputError, joblog
from peaks2motifs.motifs.jaspar import convert, open_jaspar
from peaks2motifs.motifs.meme import write_meme
from peaks2motifs.motifs.motif import Motif
from peaks2motifs.motifs.motif_files import read_any

MIN_MOTIFS = 50


def prepare_database(
    sources: Sequence[str],
    release: str,
    collection: str,
    taxa: Sequence[str] | str,
    output: str,
) -> None:
    """Write the known motifs as one MEME file.

    `sources` are "jaspar" and paths of files of motifs. Of JASPAR the latest version of each
    profile of `collection` is taken, for the taxonomic groups `taxa`, a list as in ["fungi"], or
    "all". InputError where a source has no motif, or motifs of two sources share a name.
    """
    source_of: dict[str, str] = {}
    motifs = []
    for source in sources:
        is_jaspar = source == "jaspar"
        found = fetch_jaspar(release, collection, taxa) if is_jaspar else read_any(source)
        print(f"{source}: {len(found)} motifs")
        if not found:
            raise InputError(f"{source}: no motif in it")
        for motif in found:
            if motif.name in source_of:
                both = f"{source_of[motif.name]} and {source}"
                raise InputError(f"names.database: a motif named '{motif.name}' in both {both}")
        source_of |= dict.fromkeys((motif.name for motif in found), source)
        motifs += found
    write_meme(motifs, output)
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
            sources=snakemake.params.sources,
            release=snakemake.params.release,
            collection=snakemake.params.collection,
            taxa=snakemake.params.taxa,
            output=snakemake.output[0],
        )
