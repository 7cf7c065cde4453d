"""Find known motifs by name, in the copy of JASPAR that pyjaspar contains or in a motif file."""

import numpy as np
from pyjaspar import jaspardb

from peaks2motifs.core.joblog import InputError
from peaks2motifs.motifs.meme import DEFAULT_NSITES
from peaks2motifs.motifs.motif import Motif
from peaks2motifs.motifs.motif_files import read_motif_file


def open_jaspar(release: str) -> jaspardb:
    """Open a release such as JASPAR2026; raise InputError if pyjaspar does not have it."""
    database = jaspardb(release=release)
    if not hasattr(database, "conn"):
        releases = ", ".join(database.get_releases())
        raise InputError(f"names.release: '{release}' unknown, expected one of {releases}")
    return database


def convert_profile(profile) -> Motif:
    """Convert a pyjaspar profile to a motif: the identifier is its name, the factor its second."""
    counts = np.array([profile.counts[base] for base in "ACGT"], float).T
    nsites = max(1, round(counts.sum(axis=1).max()))
    name = "_".join(profile.name.split())
    return Motif(profile.matrix_id, name, counts / counts.sum(axis=1, keepdims=True), nsites)


def find_profiles(names: list[str], database: str, release: str) -> list[Motif]:
    """Find the motifs with these names, in the same order; names may be repeated.

    `database` is "jaspar" or the path of a motif file. Names in JASPAR are matrix identifiers; one
    without a version means the latest version. Raises InputError if a name is unknown.
    """
    if database == "jaspar":
        jaspar = open_jaspar(release)
        profiles = {name: jaspar.fetch_motif_by_id(name) for name in names}
        motifs = {name: convert_profile(profile) for name, profile in profiles.items() if profile}
    else:
        motifs = {motif.name: motif for motif in read_motif_file(database)}
    for name in names:
        if name not in motifs:
            is_file = database != "jaspar"
            expected = _expected_names(list(motifs)) if is_file else ""
            raise InputError(f"{database if is_file else release}: no motif '{name}'{expected}")
    return [motifs[name] for name in names]


def _expected_names(names: list[str], number: int = 5) -> str:
    """Write the end of an error message: the first names that a motif file contains."""
    more = ", ..." if len(names) > number else ""
    return f", expected one of {', '.join(names[:number])}{more}" if names else ""


def add_pseudocount(motif: Motif, pseudocount: float) -> np.ndarray:
    """Add a pseudocount to each column's counts, a quarter to each base: probabilities (w, 4)."""
    nsites = motif.nsites or DEFAULT_NSITES
    return (motif.ppm * nsites + pseudocount / 4) / (nsites + pseudocount)
