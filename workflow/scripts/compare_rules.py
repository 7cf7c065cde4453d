"""Compare what several rules make of the same kernels: a MEME file each, a table, and logos."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.tables import read_tsv, write_text, write_tsv
from peaks2motifs.data.dataset import first_bases, read_rows
from peaks2motifs.model.activations import read_activations
from peaks2motifs.motifs.meme import read_meme, write_meme
from peaks2motifs.motifs.motif import Limits, base_frequencies, describe
from peaks2motifs.motifs.published_rules import counted, limits_of
from peaks2motifs.motifs.rule_comparison import first_kernels, make_motifs, match, summarise
from peaks2motifs.motifs.rule_output import read_found, scan
from peaks2motifs.pages.logos import logo_table


def compare_rules(
    dataset: str,
    activations: str,
    kernels: str,
    database: str,
    found: Mapping[str, str],
    table: str,
    picture: str,
    memes: Mapping[str, str],
    splits: str,
    flank: int,
    max_background: float,
    limits: Limits,
    threads: int,
    label: str | None = None,
) -> None:
    """Write a MEME file for each rule, the table rules.tsv and the picture rules.svg.

    `memes` names the files by rule, first that of the rule whose kernels.tsv is given; `found`
    those of what they found, but for scan. All else is as in `derive_motifs`. The picture shows
    the most important kernel of each of the first families.
    """
    seen = read_activations(activations, label)
    codes, windows = read_rows(dataset, seen.split, seen.row)
    is_peak = seen.label == 1
    background = base_frequencies(codes[(seen.split == "train") & ~is_peak])
    targets = read_meme(database)[0]
    parts = {}
    for rule, path in memes.items():
        if rule == "scan":
            chosen = counted(rule, splits, seen.split, is_peak)
            place = windows["chrom"].to_numpy(str), first_bases(windows, codes.shape[1])
            got = scan(seen, chosen, codes, *place, flank, max_background)
        else:
            got = read_found(found[rule])
        own = limits_of(rule, limits)
        about = describe(got.matrix, got.nsites, np.ptp(seen.best, axis=0) > 0, background, own)
        motifs = make_motifs(rule, seen.kernel, about, got.matrix, background, own.pseudocount)
        write_meme(list(motifs.values()), path, background)
        parts[rule] = about.assign(**match(motifs, targets, len(about), threads)), motifs
    write_tsv(summarise({rule: about for rule, (about, _) in parts.items()}), table)
    leaders = first_kernels(read_tsv(kernels))
    logos = {rule: {k: motifs[k].ppm for k in motifs} for rule, (_, motifs) in parts.items()}
    write_text(logo_table(logos, leaders), picture)


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        compare_rules(
            dataset=snakemake.input.dataset,
            activations=snakemake.input.activations,
            kernels=snakemake.input.kernels,
            database=snakemake.input.database,
            found={Path(path).stem: path for path in snakemake.input.found},
            table=snakemake.output.table,
            picture=snakemake.output.picture,
            memes=dict(zip(snakemake.params.rules, snakemake.output.memes, strict=True)),
            splits=snakemake.params.splits,
            flank=snakemake.params.flank,
            max_background=snakemake.params.max_background,
            limits=Limits(*(snakemake.params[name] for name in Limits._fields)),
            threads=snakemake.threads,
            label=snakemake.params.label,
        )
