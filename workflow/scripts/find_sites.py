"""Find the sites of all kernels by a published rule, for which the model reads windows again."""

from collections.abc import Iterator

import numpy as np
from peaks2motifs.core.joblog import joblog
from peaks2motifs.data.dataset import read_rows
from peaks2motifs.model.activations import Activations, read_activations
from peaks2motifs.model.backend import start_keras
from peaks2motifs.motifs.activation_maps import Map
from peaks2motifs.motifs.kernel_sites import Sites
from peaks2motifs.motifs.motif import base_frequencies
from peaks2motifs.motifs.published_rules import (
    Options,
    apply_rule,
    counted_windows,
    name_kernel_motifs,
    published_limits,
)
from peaks2motifs.motifs.rule_results import (
    RuleResult,
    best_sites,
    sites_per_kernel,
    write_result,
)


def find_sites(
    dataset: str,
    model_file: str,
    activations_file: str,
    output: str,
    rule: str,
    splits: str,
    options: Options,
    has_summits: bool,
    batch_size: int,
    keras: dict,
    label: str | None = None,
) -> None:
    """Write rules/<rule>.h5: matrices and sites of all kernels by a published rule.

    `splits` names the windows that count, see `published_rules.counted_windows`; of a model with
    classes, peaks are the windows of class `label`. `keras` holds the arguments of
    `backend.start_keras` but the seed.
    """
    start_keras(seed=0, **keras)
    # Imported here, after the backend is chosen and what TensorFlow prints goes to the log.
    from keras.saving import load_model
    from peaks2motifs.motifs.model_maps import activation_maps, raw_counts

    model, activations = load_model(model_file), read_activations(activations_file, label)
    codes, _ = read_rows(dataset, activations.split, activations.row)
    is_peak = activations.label == 1
    counted = counted_windows(rule, splits, activations.split, is_peak)
    rows = np.flatnonzero(counted)
    if rule == "raw":
        fields = raw_fields(raw_counts(model), activations, counted, options.max_background)
    else:

        def maps() -> Iterator[Map]:
            both_strands = rule == "factornet"
            return activation_maps(model, codes[rows], batch_size, both_strands=both_strands)

        labels = read_activations(activations_file).label[rows]
        fields = apply_rule(rule, maps, codes[rows], labels, activations.width, options)
        sites = fields["sites"]
        fields["sites"] = sites._replace(window=rows[sites.window])
    result = RuleResult(
        **fields,
        kernel=name_kernel_motifs(rule, activations.kernel),
        background=base_frequencies(codes[(activations.split == "train") & ~is_peak]),
        flank=0,
        limits=published_limits(rule),
        counted=rule != "raw",
        summit_window=codes.shape[1] if has_summits else 0,
    )
    write_result(output, result)
    print(
        f"{rule}: {len(rows)} windows, {np.count_nonzero(result.nsites)} of {len(result.kernel)} "
        f"kernels have sites, {result.nsites.sum()} in all; {len(result.sites.kernel)} are listed"
    )


def raw_fields(
    counts: np.ndarray, activations: Activations, counted: np.ndarray, max_background: float
) -> dict[str, np.ndarray | Sites]:
    """Join matrices of raw weights, which have no sites, with the sites of the rule scan."""
    threshold, sites = best_sites(activations, counted, max_background)
    nsites = sites_per_kernel(sites, len(activations.kernel))
    matrices = {"counts": counts, "matrix": counts, "nsites": nsites}
    return matrices | {"threshold": threshold, "width": activations.width, "sites": sites}


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        find_sites(
            dataset=snakemake.input.dataset,
            model_file=snakemake.input.model,
            activations_file=snakemake.input.activations,
            output=snakemake.output[0],
            rule=snakemake.wildcards.rule,
            splits=snakemake.params.splits,
            options=Options(**snakemake.params.options),
            has_summits=snakemake.params.has_summits,
            batch_size=snakemake.params.batch_size,
            keras=snakemake.params.keras,
            label=snakemake.params.label,
        )
