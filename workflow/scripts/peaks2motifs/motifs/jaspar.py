"""Known profiles by name: from JASPAR as pyjaspar carries it, offline, or from a file of motifs."""

import numpy as np
from pyjaspar import jaspardb

from peaks2motifs.core.joblog import InputError
from peaks2motifs.motifs.meme import DEFAULT_NSITES
from peaks2motifs.motifs.motif import Motif
from peaks2motifs.motifs.motif_files import read_any


def open_jaspar(release: str) -> jaspardb:
    """Open a release such as JASPAR2026; InputError when pyjaspar has none of that name."""
    database = jaspardb(release=release)
    if not hasattr(database, "conn"):
        releases = ", ".join(database.get_releases())
        raise InputError(f"names.release: '{release}' unknown, expected one of {releases}")
    return database


def convert(profile) -> Motif:
    """Turn a pyjaspar profile into a motif named by its identifier, then by its factor."""
    counts = np.array([profile.counts[base] for base in "ACGT"], float).T
    nsites = max(1, round(counts.sum(axis=1).max()))
    name = "_".join(profile.name.split())
    return Motif(profile.matrix_id, name, counts / counts.sum(axis=1, keepdims=True), nsites)


def find_profiles(names: list[str], database: str, release: str) -> list[Motif]:
    """Look up the motifs of these names, in their order; a name may be there more than once.

    `database` is "jaspar", whose names are matrix identifiers (without a version the latest of
    them), or the path of a file of motifs. Raises InputError for a name that it lacks.
    """
    if database == "jaspar":
        jaspar = open_jaspar(release)
        found = {name: jaspar.fetch_motif_by_id(name) for name in names}
        found = {name: convert(profile) for name, profile in found.items() if profile}
    else:
        found = {motif.name: motif for motif in read_any(database)}
    for name in names:
        if name not in found:
            source, known = (release, "") if database == "jaspar" else (database, _first(found))
            raise InputError(f"{source}: no motif '{name}'{known}")
    return [found[name] for name in names]


def _first(found: dict[str, Motif], number: int = 5) -> str:
    more = ", ..." if len(found) > number else ""
    return f", expected one of {', '.join(list(found)[:number])}{more}" if found else ""


def smooth(motif: Motif, pseudocount: float) -> np.ndarray:
    """Probabilities (w, 4) after `pseudocount` is added to each column's counts, shared equally."""
    nsites = motif.nsites or DEFAULT_NSITES
    return (motif.ppm * nsites + pseudocount / 4) / (nsites + pseudocount)
