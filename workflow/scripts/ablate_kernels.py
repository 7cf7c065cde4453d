"""Silence each motif family and each kernel in the trained network, and see what it loses."""

import numpy as np
import pandas as pd
from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.subsample import pick_evenly_per_group
from peaks2motifs.core.tables import read_tsv, write_tsv
from peaks2motifs.data.dataset import read_split
from peaks2motifs.model.backend import start_keras

COLUMNS = ["name", "ablation", "ablation_se"]
MOST_WINDOWS = {"scan": 2000}  # of either class; only the small end of this network is run again
MOST_WINDOWS_ELSE, MOST_KERNELS_ELSE = 500, 32


def ablate_kernels(
    dataset: str,
    model_file: str,
    kernels: str,
    output: str,
    column: int,
    batch_size: int,
    keras: dict,
) -> None:
    """Write what the networks' test AUROC loses without each family, and without each kernel.

    `kernels` is a table with the columns kernel, status, family, importance and replicate; `column`
    numbers the class. Columns of the output: name, of a family or kernel, ablation, the drop of
    AUROC, and ablation_se. All families are silenced, and all kernels of the network `scan` that
    are motifs; of other networks, whose rest takes long, the most important kernels of each
    replicate. `keras` holds the arguments of `backends.start_keras` but the seed.
    """
    table = read_tsv(kernels, dtype={"family": str})
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
    rows = pick_evenly_per_group(label == 1, MOST_WINDOWS.get(model.name, MOST_WINDOWS_ELSE))
    families = family_sets(table)
    together = kernel_sets(table, len(table) if model.name == "scan" else MOST_KERNELS_ELSE)
    sets = [np.empty(0, int), *families.values(), *together]
    logits = ablation.silenced_logits(model, codes[rows], sets, column, batch_size)
    replicate = table["replicate"].to_numpy()
    full, by_family, by_kernel = np.split(logits, [1, 1 + len(families)])
    # Replicates share nothing: without one kernel, the others say what they said.
    mean, kernels = full[0].mean(axis=1), np.concatenate([*together, []]).astype(int)
    sets_of = np.repeat(np.arange(len(together)), [len(each) for each in together])
    lost = full[0].T[replicate[kernels]] - by_kernel[sets_of, :, replicate[kernels]]
    silenced = np.concatenate([by_family.mean(axis=2), mean - lost / full.shape[2]])
    drop, error = ablation.drops(mean, silenced, label[rows])
    names = [*families, *table["kernel"].to_numpy()[kernels]]
    write_tsv(pd.DataFrame(dict(zip(COLUMNS, (names, drop, error), strict=True))), output)
    print(f"{len(rows)} windows, {len(families)} families and {len(kernels)} kernels silenced")


def family_sets(table: pd.DataFrame) -> dict[str, np.ndarray]:
    """The kernels (rows) of each family, in the order of their names' numbers."""
    names = sorted(table["family"].dropna().unique(), key=lambda name: int(name[1:]))
    return {name: np.flatnonzero(table["family"] == name) for name in names}


def kernel_sets(table: pd.DataFrame, most: int) -> list[np.ndarray]:
    """The kernels (rows) that are motifs, those with one number in their replicates together.

    At most so many sets, with the most important kernels.
    """
    number = table.groupby("replicate").cumcount()
    live = table[table["status"] == "motif"]
    ranked = live["importance"].groupby(number[live.index]).max().sort_values(ascending=False)
    return [live.index[number[live.index] == n].to_numpy() for n in ranked.index[:most]]


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        ablate_kernels(
            dataset=snakemake.input.dataset,
            model_file=snakemake.input.model,
            kernels=snakemake.input.kernels,
            output=snakemake.output[0],
            column=snakemake.params.column,
            batch_size=snakemake.params.batch_size,
            keras=snakemake.params.keras,
        )
