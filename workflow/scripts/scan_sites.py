"""Find the sites of all kernels by the default rule, from their best activations."""

import numpy as np
from peaks2motifs.core.joblog import joblog
from peaks2motifs.data.dataset import first_bases, read_rows
from peaks2motifs.model.activations import read_activations
from peaks2motifs.motifs.motif import Limits, base_frequencies
from peaks2motifs.motifs.published_rules import counted_windows
from peaks2motifs.motifs.rule_results import (
    RuleResult,
    apply_scan_rule,
    sites_per_kernel,
    write_result,
)


def scan_sites(
    dataset: str,
    activations_file: str,
    output: str,
    splits: str,
    flank: int,
    max_background: float,
    limits: Limits,
    has_summits: bool,
    label: str | None = None,
) -> None:
    """Write rules/scan.h5: matrices and sites of all kernels by the rule scan.

    `splits` names the windows that count, see `published_rules.counted_windows`; thresholds always
    come from training windows. Of a model with classes, peaks are the windows of class `label`.
    """
    activations = read_activations(activations_file, label)
    codes, windows = read_rows(dataset, activations.split, activations.row)
    is_peak = activations.label == 1
    threshold, counts, sites = apply_scan_rule(
        activations,
        counted_windows("scan", splits, activations.split, is_peak),
        codes,
        windows["chrom"].to_numpy(str),
        first_bases(windows, codes.shape[1]),
        flank,
        max_background,
    )
    result = RuleResult(
        kernel=activations.kernel,
        width=activations.width,
        counts=counts,
        matrix=counts,
        nsites=sites_per_kernel(sites, len(activations.width)),
        threshold=threshold,
        background=base_frequencies(codes[(activations.split == "train") & ~is_peak]),
        sites=sites,
        flank=flank,
        limits=limits,
        counted=True,
        summit_window=codes.shape[1] if has_summits else 0,
    )
    write_result(output, result)
    with_sites = np.count_nonzero(result.nsites)
    print(f"{with_sites} of {len(result.kernel)} kernels have sites, {result.nsites.sum()} in all")


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        scan_sites(
            dataset=snakemake.input.dataset,
            activations_file=snakemake.input.activations,
            output=snakemake.output[0],
            splits=snakemake.params.splits,
            flank=snakemake.params.flank,
            max_background=snakemake.params.max_background,
            limits=Limits(*(snakemake.params[name] for name in Limits._fields)),
            has_summits=snakemake.params.has_summits,
            label=snakemake.params.label,
        )
