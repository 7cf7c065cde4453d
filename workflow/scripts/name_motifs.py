"""Name the motifs of one experiment after known ones, and complete its tables of motifs."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from peaks2motifs.core.joblog import InputError, joblog
from peaks2motifs.core.tables import read_tsv, write_tsv
from peaks2motifs.motifs.family_names import (
    control_motifs,
    join_patterns,
    name_families,
    named_after_targets,
)
from peaks2motifs.motifs.kernel_table import KERNEL_COLUMNS
from peaks2motifs.motifs.kmer_families import add_families
from peaks2motifs.motifs.meme import read_meme, write_meme
from peaks2motifs.motifs.motif import Limits
from peaks2motifs.motifs.rule_results import read_limits
from peaks2motifs.motifs.tomtom import Alignments, compare, list_matches, write_tomtom
from peaks2motifs.motifs.verdicts import is_supported, judge_families, kernel_reason

ABLATION_COLUMNS = ["ablation", "ablation_se"]
FAMILY_COLUMNS = [
    *("family", "rank", "representative", "members", "nsites", "width", "consensus"),
    *("importance", "test_auroc", "enrichment_p", "target_id", "target_name", "target_q"),
    *("empirical_fdr", "verdict", "reason", "medoid", "information", "replicates", "networks"),
    *("test_auroc_se", "enrichment_q", "relation", "relation_to", "lacks", "own_p", "own_q"),
    *("central_width", "central_p", *ABLATION_COLUMNS, "threshold"),
    *("peaks_hit", "background_hit", "test_peaks", "test_background"),
    *("kind", "others_auroc", "others_auroc_se", "others_q", "shared_with", "others_p"),
    *("others_hit", "test_others", "others_importance"),
]


def name_motifs(
    files: Mapping[str, str],
    output: Mapping[str, str],
    q_value: float,
    shuffles: int,
    seed: int,
    threads: int,
) -> None:
    """Write tomtom.tsv (every motif against the database), and the tables of families and others.

    `files` names motifs, family_motifs and the database (MEME); the tables kernels
    (kernel_evidence.tsv), kernel_families, families (family_evidence.tsv), ablation and
    kmer_shares; `sites`, the result of the motif rule; and `patterns`, those of TF-MoDISco, if
    there are any. `output` names tomtom, families, meme (families.meme), kernels and kmers.
    Column-shuffled copies of the families' motifs, `shuffles` of each, go through the same
    comparison: they say how often a name as good comes by chance.
    """
    family_motifs, background = read_meme(files["family_motifs"])
    queries = family_motifs + read_meme(files["motifs"])[0]
    targets = read_meme(files["database"])[0]
    controls = control_motifs(family_motifs, shuffles, seed)
    ppms = [motif.ppm for motif in queries] + controls
    alignments = compare(ppms, [target.ppm for target in targets], threads)
    of_queries = Alignments(*(array[: len(queries)] for array in alignments))
    matches = list_matches(queries, targets, of_queries, q_value)
    write_tomtom(matches, output["tomtom"])
    ablation = read_tsv(files["ablation"])
    kernels = complete_kernels(
        read_tsv(files["kernels"]),
        read_tsv(files["kernel_families"]),
        ablation,
        read_limits(files["sites"]),
    )
    write_tsv(kernels, output["kernels"])
    families = read_tsv(files["families"], dtype={"shared_with": str})
    if list(families["family"]) != [motif.name for motif in family_motifs]:
        raise InputError(f"{files['family_motifs']}: other families than {files['families']} has")
    control_p = alignments.p[len(queries) :].min(axis=1)
    families = families.merge(ablation, "left", left_on="family", right_on="name")
    families = families.assign(
        representative=families["family"], rank=np.arange(1, len(families) + 1)
    )
    families = judge_families(name_families(families, matches, targets, control_p, shuffles))
    families = families[FAMILY_COLUMNS]
    if "patterns" in files:
        families = join_patterns(families, read_tsv(files["patterns"]))
    write_tsv(families, output["families"])
    write_meme(named_after_targets(family_motifs, families), output["meme"], background)
    supported = is_supported(families).to_numpy(bool)
    kmers = read_tsv(files["kmer_shares"], dtype={"kmer": str})
    kmers = add_families(kmers, family_motifs, families["verdict"].tolist(), supported)
    write_tsv(kmers, output["kmers"])
    print(f"{len(queries)} motifs, {len(families)} of them families, {supported.sum()} supported")


def complete_kernels(
    kernels: pd.DataFrame, memberships: pd.DataFrame, ablation: pd.DataFrame, limits: Limits
) -> pd.DataFrame:
    """Join what each rule says of the kernels, and add the reason for each status."""
    table = kernels.merge(memberships, "left", on="kernel")
    table = table.merge(ablation, "left", left_on="kernel", right_on="name")
    table["motif_width"] = table["end"] - table["first"]
    reasons = [kernel_reason(row, limits) for row in table.to_dict("records")]
    table["reason"] = pd.Series(reasons, table.index, dtype=object)
    return table[KERNEL_COLUMNS + ABLATION_COLUMNS]


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        name_motifs(
            files=dict(snakemake.input.items()),
            output=dict(snakemake.output.items()),
            q_value=snakemake.params.q_value,
            shuffles=snakemake.params.shuffles,
            seed=snakemake.params.seed,
            threads=snakemake.threads,
        )
