"""Simulate the demo: a genome, its blacklist, peak files, and the table of planted sites."""

import numpy as np
from peaks2motifs.core.joblog import InputError, joblog
from peaks2motifs.core.tables import write_bed, write_text, write_tsv
from peaks2motifs.simulate.demo_peaks import simulate
from pyjaspar import jaspardb


def fetch_profiles(
    matrices: list[str], release: str, pseudocount: float
) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Look up the probabilities (width, 4) and the name of each JASPAR matrix.

    Raises InputError if the release has no such matrix.
    """
    database = jaspardb(release=release)
    ppms, names = {}, {}
    for matrix in matrices:
        motif = database.fetch_motif_by_id(matrix)
        if motif is None:
            raise InputError(f"recipe: matrix {matrix} is not in {release}")
        counts = np.array([motif.counts[base] for base in "ACGT"]).T + pseudocount / 4
        ppms[matrix] = counts / counts.sum(axis=1, keepdims=True)
        names[matrix] = motif.name
    return ppms, names


def simulate_demo(recipe: dict, genome: str, blacklist: str, peaks: list[str], truth: str) -> None:
    """Write the files of the demo; `peaks` are in the order of the recipe's experiments."""
    parts = (*recipe["experiments"].values(), recipe["shared"], recipe["decoy"])
    matrices = [part["matrix"] for part in parts]
    ppms, names = fetch_profiles(matrices, recipe["jaspar"], recipe["pseudocount"])
    fasta, regions, tables, sites = simulate(recipe, ppms, names)
    write_text(fasta, genome)
    write_bed(regions, blacklist)
    for table, path in zip(tables.values(), peaks, strict=True):
        write_bed(table, path)
    write_tsv(sites, truth)
    planted = sites["role"].eq("planted").sum()
    print(f"{sum(map(len, tables.values()))} peaks, {planted} planted sites, ", end="")
    print(f"{len(sites) - planted} decoys, {len(regions)} blacklisted regions")


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        simulate_demo(
            recipe=snakemake.params.recipe,
            genome=snakemake.output.genome,
            blacklist=snakemake.output.blacklist,
            peaks=snakemake.output.peaks,
            truth=snakemake.output.truth,
        )
