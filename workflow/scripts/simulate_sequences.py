"""Simulate sequences with planted motifs, background without, and the data set of both."""

import json

import numpy as np
from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.tables import write_bed, write_text
from peaks2motifs.data.dataset import write_dataset
from peaks2motifs.motifs.jaspar import find_profiles, smooth
from peaks2motifs.motifs.meme import write_meme
from peaks2motifs.simulate import planting


def simulate_sequences(
    simulation: str,
    options: dict,
    release: str,
    compression: str,
    sequences: str,
    background: str,
    sites: str,
    motifs: str,
    dataset: str,
) -> None:
    """Write what `options`, those of `simulate.<simulation>` with a seed, ask for.

    That is FASTA of `sequences` and `background`, the planted `sites` as BED6 (0-based, half-open)
    and the `motifs` they were drawn from (MEME), and dataset.h5 with both, divided among the
    splits. `release` is JASPAR's.
    """
    found = find_profiles(options["motifs"], options["database"], release)
    found = [motif._replace(ppm=smooth(motif, options["pseudocount"])) for motif in found]
    ppms = [motif.ppm for motif in found]
    planting.check_room(options, [len(ppm) for ppm in ppms], f"config: simulate.{simulation}")
    rng = np.random.default_rng([options["seed"], 31])
    *codes, planted = planting.simulate_sequences(options, ppms, rng)
    names = [
        [f"{kind}_{number}" for number in range(1, len(own) + 1)]
        for kind, own in zip(("sequence", "background"), codes, strict=True)
    ]
    for own, bases, path in zip(names, codes, (sequences, background), strict=True):
        write_text(planting.to_fasta(own, bases), path)
    write_bed(planting.to_bed(planted, names[0], [motif.name for motif in found]), sites)
    write_meme(list({motif.name: motif for motif in found}.values()), motifs)
    windows = planting.to_windows(names, options["length"], options, rng)
    both = np.concatenate(codes)
    attributes = {"experiment": simulation, "background": "simulated"}
    attributes["simulation"] = json.dumps(options, sort_keys=True)
    write_dataset(dataset, windows, lambda rows: both[rows["row"]], attributes, compression)
    print(f"{len(planted)} sites in {len(codes[0])} sequences")


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        simulate_sequences(
            simulation=snakemake.wildcards.simulation,
            options=snakemake.params.options,
            release=snakemake.params.release,
            compression=snakemake.params.compression,
            sequences=snakemake.output.sequences,
            background=snakemake.output.background,
            sites=snakemake.output.sites,
            motifs=snakemake.output.motifs,
            dataset=snakemake.output.dataset,
        )
