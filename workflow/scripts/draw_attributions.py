"""Draw the attributions of one model: a figure for each of its top test peaks."""

from pathlib import Path

import h5py
import hdf5plugin  # noqa: F401 (registers the compression of attributions.h5)
import numpy as np
import pandas as pd
from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.tables import write_tsv
from peaks2motifs.pages.attribution_figures import plot_attributions


def draw_attributions(attributions: str, folder: str) -> None:
    """Write windows.tsv, and window<rank>.svg for each row of it, into `folder`."""
    with h5py.File(attributions) as file:
        methods = file.attrs["methods"].split(",")
        mixed = bool(file.attrs["mixed"])
        attributions_by_method = {method: file[method][:] for method in methods}
        codes = file["codes"][:]
        windows = window_table(file)
    Path(folder).mkdir(parents=True, exist_ok=True)
    write_tsv(windows, f"{folder}/windows.tsv")
    for row in windows.itertuples():
        title = f"{row.name}, {row.chrom}:{row.start}-{row.end}, logit {row.logit:.2f}"
        values = {method: array[row.Index] for method, array in attributions_by_method.items()}
        path = f"{folder}/window{row.rank:02d}.svg"
        plot_attributions(title, codes[row.Index], values, mixed, path)
    print(f"{folder}: {len(windows)} windows")


def window_table(file: h5py.File) -> pd.DataFrame:
    """Tabulate the windows of attributions.h5: `rank chrom start end name logit`."""
    columns = {name: file[name][:] for name in ("chrom", "start", "end", "name", "logit")}
    columns |= {name: np.char.decode(columns[name], "utf-8") for name in ("chrom", "name")}
    return pd.DataFrame({"rank": np.arange(1, len(columns["logit"]) + 1)} | columns)


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        draw_attributions(
            attributions=snakemake.input[0],
            folder=snakemake.output[0],
        )
