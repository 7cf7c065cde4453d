"""Silence each motif family and each kernel in the trained network, and see what it loses."""

import numpy as np
import pandas as pd
from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.subsample import pick_evenly_per_group
from peaks2motifs.core.tables import read_tsv, write_tsv
from peaks2motifs.data.dataset import read_split
from peaks2motifs.model.backend import start_keras

COLUMNS = ["name", "ablation", "ablation_se"]
# Windows of each class. Of the network `scan` only the small end is run again for each set.
MAX_WINDOWS = {"scan": 2000}
MAX_WINDOWS_OTHER, MAX_SETS_OTHER = 500, 32


def ablate_kernels(
    dataset: str,
    model_file: str,
    kernels: str,
    kernel_families: str,
    output: str,
    column: int,
    batch_size: int,
    keras: dict,
) -> None:
    """Write what the networks' test AUROC loses without each family, and without each kernel.

    `kernels` is kernel_evidence.tsv, `kernel_families` says which family each is in; `column`
    numbers the class. Columns of the output: name, of a family or kernel, ablation, the drop of
    AUROC, and ablation_se. All families are silenced, and all kernels of the network `scan` that
    are motifs; of other networks, whose rest takes long, the most important kernels of each
    replicate. `keras` holds the arguments of `backend.start_keras` but the seed.
    """
    table = read_tsv(kernels).merge(read_tsv(kernel_families, dtype={"family": str}), on="kernel")
    if not (table["status"] == "motif").any():
        write_tsv(pd.DataFrame(columns=COLUMNS), output)
        return
    start_keras(seed=0, **keras)
    # Imported here, after the backend is chosen and what TensorFlow prints goes to the log.
    from keras.saving import load_model
    from peaks2motifs.model import ablation

    model = load_model(model_file)
    codes, y, _ = read_split(dataset, "test")
    label = y[:, column] if y.ndim == 2 else y
    rows = pick_evenly_per_group(label == 1, MAX_WINDOWS.get(model.name, MAX_WINDOWS_OTHER))
    families = family_sets(table)
    sets = kernel_sets(table, len(table) if model.name == "scan" else MAX_SETS_OTHER)
    silenced_sets = [np.empty(0, int), *families.values(), *sets]
    logits = ablation.silenced_logits(model, codes[rows], silenced_sets, column, batch_size)
    whole, by_family, by_set = np.split(logits, [1, 1 + len(families)])
    mean = whole[0].mean(axis=1)
    kernels_silenced = np.concatenate([*sets, []]).astype(int)
    by_kernel = without_one_kernel(whole[0], by_set, sets, table.set_index("number")["replicate"])
    silenced = np.concatenate([by_family.mean(axis=2), by_kernel])
    drop, error = ablation.auroc_drops(mean, silenced, label[rows])
    names = [*families, *table.set_index("number")["kernel"][kernels_silenced]]
    write_tsv(pd.DataFrame(dict(zip(COLUMNS, (names, drop, error), strict=True))), output)
    counts = f"{len(families)} families, {len(kernels_silenced)} kernels"
    print(f"{len(rows)} windows; silenced: {counts}")


def without_one_kernel(
    whole: np.ndarray, by_set: np.ndarray, sets: list[np.ndarray], replicate: pd.Series
) -> np.ndarray:
    """Mean logits (kernels, n) when one kernel is silent, from those with a set silent.

    whole (n, replicates) are the logits of the model as it is, by_set (sets, n, replicates) those
    with each set of kernels silent; `replicate` is that of each kernel, by its number. Replicates
    share nothing: without one kernel, the others say what they said.
    """
    kernels = np.concatenate([*sets, []]).astype(int)
    set_of = np.repeat(np.arange(len(sets)), [len(kernel_set) for kernel_set in sets])
    own = replicate[kernels].to_numpy()
    lost = whole.T[own] - by_set[set_of, :, own]
    return whole.mean(axis=1) - lost / whole.shape[1]


def family_sets(table: pd.DataFrame) -> dict[str, np.ndarray]:
    """The kernels of each family by their numbers in the model, F1 first."""
    numbers = table.dropna(subset="family").groupby("family")["number"]
    names = sorted(numbers.groups, key=lambda name: int(name[1:]))
    return {name: np.sort(numbers.get_group(name).to_numpy()) for name in names}


def kernel_sets(table: pd.DataFrame, most: int) -> list[np.ndarray]:
    """The kernels that are motifs, by their numbers in the model, one of each replicate together.

    At most so many sets, with the most important kernels.
    """
    table = table.sort_values("number")
    place = table.groupby("replicate").cumcount()
    live = table["status"] == "motif"
    best = table["importance"][live].groupby(place[live]).max()
    chosen = best.sort_values(ascending=False).index[:most]
    return [table["number"][live & (place == p)].to_numpy() for p in chosen]


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        ablate_kernels(
            dataset=snakemake.input.dataset,
            model_file=snakemake.input.model,
            kernels=snakemake.input.kernels,
            kernel_families=snakemake.input.kernel_families,
            output=snakemake.output[0],
            column=snakemake.params.column,
            batch_size=snakemake.params.batch_size,
            keras=snakemake.params.keras,
        )
