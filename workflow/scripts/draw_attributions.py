"""Draw the attributions of one page: a figure for each of its strongest test windows."""

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
        found = {method: file[method][:] for method in methods}
        codes, logit = file["codes"][:], file["logit"][:]
        places = {name: file[name][:] for name in ("chrom", "start", "end", "name")}
    Path(folder).mkdir(parents=True, exist_ok=True)
    text = {name: np.char.decode(places[name], "utf-8") for name in ("chrom", "name")}
    table = pd.DataFrame({"rank": np.arange(1, len(codes) + 1)} | places | text | {"logit": logit})
    write_tsv(table, f"{folder}/windows.tsv")
    for row in table.itertuples():
        title = f"{row.name}, {row.chrom}:{row.start}-{row.end}, logit {row.logit:.2f}"
        window = {method: values[row.Index] for method, values in found.items()}
        path = f"{folder}/window{row.rank:02d}.svg"
        plot_attributions(title, codes[row.Index], window, mixed, path)
    print(f"{folder}: {len(table)} windows")


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        draw_attributions(
            attributions=snakemake.input[0],
            folder=snakemake.output[0],
        )
