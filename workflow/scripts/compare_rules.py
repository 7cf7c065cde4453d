"""Compare what several rules make of the same kernels: a MEME file each, a table, and logos."""

from collections.abc import Sequence

import numpy as np
from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.tables import read_tsv, write_text, write_tsv
from peaks2motifs.model.activations import read_activations
from peaks2motifs.motifs.meme import read_meme, write_meme
from peaks2motifs.motifs.motif import describe
from peaks2motifs.motifs.rule_comparison import (
    best_targets,
    first_kernels,
    make_motifs,
    summarise_rules,
)
from peaks2motifs.motifs.rule_results import read_result
from peaks2motifs.pages.logos import logo_table


def compare_rules(
    activations_file: str,
    kernels: str,
    database: str,
    rules: Sequence[str],
    sites: Sequence[str],
    table: str,
    picture: str,
    memes: Sequence[str],
    threads: int,
    label: str | None = None,
) -> None:
    """Write a MEME file for each rule, the table rules.tsv and the picture rules.svg.

    `sites` are the results of the `rules`, `memes` the files to write, both in their order; the
    first rule is the one whose `kernels` (kernels.tsv) is given. The picture shows the most
    important kernel of each of the first families.
    """
    varies = np.ptp(read_activations(activations_file, label).best, axis=0) > 0
    targets = read_meme(database)[0]
    tables, logos = {}, {}
    for rule, result_file, meme in zip(rules, sites, memes, strict=True):
        result = read_result(result_file)
        motif_table = describe(
            result.matrix, result.nsites, varies, result.background, result.limits
        )
        motifs = make_motifs(rule, motif_table, result)
        write_meme(list(motifs.values()), meme, result.background)
        target = best_targets(motifs, targets, len(motif_table), threads)
        counted = motif_table["nsites"] if result.counted else None
        tables[rule] = motif_table.assign(target=target, nsites=counted)
        logos[rule] = {kernel: motif.ppm for kernel, motif in motifs.items()}
    write_tsv(summarise_rules(tables), table)
    write_text(logo_table(logos, first_kernels(read_tsv(kernels))), picture)


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        compare_rules(
            activations_file=snakemake.input.activations,
            kernels=snakemake.input.kernels,
            database=snakemake.input.database,
            rules=snakemake.params.rules,
            sites=snakemake.input.sites,
            table=snakemake.output.table,
            picture=snakemake.output.picture,
            memes=snakemake.output.memes,
            threads=snakemake.threads,
            label=snakemake.params.label,
        )
