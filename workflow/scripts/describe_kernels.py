"""Describe the motif of every kernel, and measure how well it predicts held-out peaks."""

import numpy as np
import pandas as pd
from peaks2motifs.core.arrays import write_arrays
from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.tables import write_tsv
from peaks2motifs.model.activations import Activations, read_activations
from peaks2motifs.motifs.kernel_table import MotifSettings, evidence_table, rank_motifs
from peaks2motifs.motifs.rule_results import RuleResult, read_result, view_of_rule


def describe_kernels(
    activations_file: str, sites: str, table_file: str, arrays_file: str, label: str | None = None
) -> None:
    """Write kernel_evidence.tsv, one row per kernel, and kernels.h5, the arrays behind it.

    `sites` is the result of a motif rule, rules/<rule>.h5. Of a model with classes, peaks are the
    windows of class `label`.
    """
    result = read_result(sites)
    activations = view_of_rule(read_activations(activations_file, label), result)
    settings = MotifSettings(result.background, result.limits, result.flank, result.summit_window)
    table = evidence_table(activations, result.nsites, result.matrix, result.threshold, settings)
    write_tsv(name_kernels(table, activations, result), table_file)
    arrays = {name: table[name].to_numpy() for name in ("first", "end", "threshold")}
    names = ("kernel", "width", "best", "label", "split")
    arrays |= {name: getattr(activations, name) for name in names}
    write_arrays(arrays_file, arrays | {"counts": result.counts}, flank=result.flank)
    print(table["status"].value_counts().to_dict())


def name_kernels(table: pd.DataFrame, activations: Activations, result: RuleResult) -> pd.DataFrame:
    """Add each kernel's name, number in the model (from 0), layer, replicate and evidence rank.

    The rank is that of kernels that are motifs, 1 for the most evident. Matrices that were not
    counted from sites claim none.
    """
    columns = {name: getattr(activations, name) for name in ("kernel", "layer", "replicate")}
    table = table.assign(number=np.arange(len(table)), evidence_rank=rank_motifs(table), **columns)
    return table if result.counted else table.assign(nsites="", sites_fraction="")


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        describe_kernels(
            activations_file=snakemake.input.activations,
            sites=snakemake.input.sites,
            table_file=snakemake.output.table,
            arrays_file=snakemake.output.arrays,
            label=snakemake.params.label,
        )
