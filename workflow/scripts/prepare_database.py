"""Prepare the database of known motifs from JASPAR (pyjaspar's copy) or motif files."""

from collections.abc import Sequence

from peaks2motifs.core.joblog import InputError, joblog
from peaks2motifs.motifs.jaspar import convert_profile, open_jaspar
from peaks2motifs.motifs.meme import write_meme
from peaks2motifs.motifs.motif import Motif
from peaks2motifs.motifs.motif_files import read_motif_file

MIN_MOTIFS = 50  # fewer make p-values rough


def prepare_database(
    sources: Sequence[str],
    release: str,
    collection: str,
    taxa: Sequence[str] | str,
    output: str,
) -> None:
    """Write the known motifs to one MEME file.

    `sources` are "jaspar" and paths of motif files. From JASPAR come the latest versions of the
    profiles of `collection`. `taxa` selects taxonomic groups: a list such as ["fungi"], or "all".
    Raises InputError if a source has no motif or motifs of two sources share a name.
    """
    by_source = []
    for source in sources:
        is_jaspar = source == "jaspar"
        motifs = fetch_jaspar(release, collection, taxa) if is_jaspar else read_motif_file(source)
        print(f"{source}: {len(motifs)} motifs")
        if not motifs:
            raise InputError(f"{source}: contains no motif")
        by_source.append((source, motifs))
    motifs = join_sources(by_source)
    write_meme(motifs, output)
    if len(motifs) < MIN_MOTIFS:
        print(f"WARNING: p-values are rough with fewer than {MIN_MOTIFS} known motifs")


def join_sources(by_source: Sequence[tuple[str, list[Motif]]]) -> list[Motif]:
    """Join the motifs of all sources; raise InputError if two sources share a name."""
    source_of: dict[str, str] = {}
    for source, motifs in by_source:
        for motif in motifs:
            if motif.name in source_of:
                both = f"{source_of[motif.name]} and {source}"
                raise InputError(f"names.database: a motif named '{motif.name}' in both {both}")
        source_of |= dict.fromkeys((motif.name for motif in motifs), source)
    return [motif for _, motifs in by_source for motif in motifs]


def fetch_jaspar(release: str, collection: str, taxa: Sequence[str] | str) -> list[Motif]:
    """Read the profiles of pyjaspar's copy of JASPAR, sorted by identifier."""
    database = open_jaspar(release)
    profiles = {}
    for group in [None] if taxa == "all" else taxa:
        group_profiles = database.fetch_motifs(collection=collection, tax_group=group and [group])
        if not group_profiles:
            raise InputError(
                f"names.taxa: {release} has no profile of names.collection {collection} for taxon "
                f"{group or 'all'}"
            )
        profiles |= {profile.matrix_id: profile for profile in group_profiles}
    return [convert_profile(profiles[name]) for name in sorted(profiles)]


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        prepare_database(
            sources=snakemake.params.sources,
            release=snakemake.params.release,
            collection=snakemake.params.collection,
            taxa=snakemake.params.taxa,
            output=snakemake.output[0],
        )
