"""Simulate sequences with planted motifs, background without them, and their data set."""

import json

import numpy as np
from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.tables import write_bed, write_text
from peaks2motifs.data.dataset import write_dataset
from peaks2motifs.motifs.jaspar import add_pseudocount, find_profiles
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
    """Write sequences by `options`, those of `simulate.<simulation>` with a seed.

    Files are FASTA of `sequences` and `background`, the planted `sites` (BED6), their `motifs`
    (MEME), and dataset.h5 with sequences and background divided among the splits. `release` is
    JASPAR's.
    """
    profiles = find_profiles(options["motifs"], options["database"], release)
    profiles = [
        motif._replace(ppm=add_pseudocount(motif, options["pseudocount"])) for motif in profiles
    ]
    ppms = [motif.ppm for motif in profiles]
    planting.check_options(options, [len(ppm) for ppm in ppms], f"config: simulate.{simulation}")
    rng = np.random.default_rng([options["seed"], 31])
    *codes, planted = planting.simulate_sequences(options, ppms, rng)
    names = [
        [f"{kind}_{number}" for number in range(1, len(class_codes) + 1)]
        for kind, class_codes in zip(("sequence", "background"), codes, strict=True)
    ]
    for class_names, class_codes, path in zip(names, codes, (sequences, background), strict=True):
        write_text(planting.to_fasta(class_names, class_codes), path)
    write_bed(planting.to_bed(planted, names[0], [motif.name for motif in profiles]), sites)
    write_meme(list({motif.name: motif for motif in profiles}.values()), motifs)
    windows = planting.to_windows(names, options["length"], options, rng)
    all_codes = np.concatenate(codes)
    attributes = {"experiment": simulation, "background": "simulated"}
    attributes["simulation"] = json.dumps(options, sort_keys=True)
    write_dataset(dataset, windows, lambda rows: all_codes[rows["row"]], attributes, compression)
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
