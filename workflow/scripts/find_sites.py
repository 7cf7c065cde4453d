"""Find the sites of all kernels by a published rule, for which the model reads windows again."""

from collections.abc import Iterator

import numpy as np
from peaks2motifs.core.joblog import joblog
from peaks2motifs.data.dataset import read_rows
from peaks2motifs.model.activations import Activations, read_activations
from peaks2motifs.model.backend import start_keras
from peaks2motifs.motifs.activation_maps import Map
from peaks2motifs.motifs.published_rules import Options, counted, find
from peaks2motifs.motifs.rule_output import Found, best_sites, write_found


def find_sites(
    dataset: str,
    model_file: str,
    activations: str,
    output: str,
    rule: str,
    splits: str,
    options: Options,
    batch_size: int,
    keras: dict,
    label: str | None = None,
) -> None:
    """Write what `rule` finds in those windows of activations.h5 that it counts.

    `splits` is as `kernel_rules.counted` takes it; of a model with classes, peaks are the windows
    of class `label`. `keras` holds the arguments of `backends.start_keras` but the seed.
    """
    start_keras(seed=0, **keras)
    # Imported here, after the backend is chosen and what TensorFlow prints goes to the log.
    from keras.saving import load_model
    from peaks2motifs.motifs.model_maps import activation_maps, raw_counts

    model, seen = load_model(model_file), read_activations(activations, label)
    chosen = counted(rule, splits, seen.split, seen.label == 1)
    rows = np.flatnonzero(chosen)
    codes, _ = read_rows(dataset, seen.split[rows], seen.row[rows])

    def maps() -> Iterator[Map]:
        return activation_maps(model, codes, batch_size, both_strands=rule == "factornet")

    if rule == "raw":
        found = with_sites(raw_counts(model), seen, chosen, options.max_background)
    else:
        classes = read_activations(activations).label[rows]
        found = find(rule, maps, codes, classes, seen.width, options)
        sites = found.sites._replace(window=rows[found.sites.window])
        found = found._replace(sites=sites)
    write_found(output, found)
    live = (found.nsites > 0).sum()
    print(
        f"{rule}: {len(rows)} windows, {live} of {len(seen.kernel)} kernels have sites, "
        f"{found.nsites.sum()} in all; {len(found.sites.kernel)} are listed"
    )


def with_sites(
    counts: np.ndarray, seen: Activations, chosen: np.ndarray, max_background: float
) -> Found:
    """Join matrices that have no sites with the sites that the rule scan takes."""
    threshold, sites = best_sites(seen, chosen, max_background)
    nsites = np.bincount(sites.kernel, minlength=len(seen.kernel))
    return Found(counts, counts, nsites, threshold, seen.width, sites)


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        find_sites(
            dataset=snakemake.input.dataset,
            model_file=snakemake.input.model,
            activations=snakemake.input.activations,
            output=snakemake.output[0],
            rule=snakemake.wildcards.rule,
            splits=snakemake.params.splits,
            options=Options(**snakemake.params.options),
            batch_size=snakemake.params.batch_size,
            keras=snakemake.params.keras,
            label=snakemake.params.label,
        )
