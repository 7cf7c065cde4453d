"""Draw what kernels saw: each one that is a motif by itself, and all of them clustered."""

from pathlib import Path

import h5py
import numpy as np
from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.subsample import pick_evenly_per_group
from peaks2motifs.core.tables import read_tsv
from peaks2motifs.model.activations import Activations, read_activations, read_labels
from peaks2motifs.motifs.meme import read_meme
from peaks2motifs.pages import heatmap
from peaks2motifs.pages.kernel_figures import group_windows, kernel_svg


def draw_kernels(
    kernels: str,
    motifs: str,
    activations: str,
    maps: str,
    folder: str,
    heat_map: list[str],
    shown: str | list[str],
    label: str | None,
) -> None:
    """Write <kernel>.svg into `folder` for each motif of motifs.meme, and the heat map's files.

    Sites are those of peaks, the strongest activations those of validation and test windows, in the
    heat map of test windows of the classes `shown`, "all" or some. Of a model with classes, peaks
    are the windows of class `label`.
    """
    seen = read_activations(activations, label)
    group, names = group_windows(*read_labels(activations), label)
    table = read_tsv(kernels).set_index("kernel")
    by_name = {motif.name: motif for motif in read_meme(motifs)[0]}
    order = {kernel: k for k, kernel in enumerate(seen.kernel)}
    Path(folder).mkdir(parents=True, exist_ok=True)
    with h5py.File(maps) as file:
        mean, deviation, first = (file[name][:] for name in ("mean", "deviation", "first"))
    window, held = mean.shape[2], seen.split != "train"
    for name, motif in by_name.items():
        k = order[name]
        is_site = (seen.best[:, k] > table["threshold"][name]) & (seen.label == 1)
        offsets = seen.position[is_site, k] + seen.width[k] / 2 - window / 2
        best = [seen.best[held & (group == g), k] for g in range(len(names))]
        about = f"kernel {name}", motif.ppm, offsets
        svg = kernel_svg(*about, (mean[:, k], deviation[:, k], first[k]), best, names, window)
        Path(f"{folder}/{name}.svg").write_text(svg)
    draw_clustering(seen, group, names, [order[name] for name in by_name], shown, heat_map)
    print(f"{folder}: {len(by_name)} kernels")


def draw_clustering(
    seen: Activations,
    group: np.ndarray,
    names: list[str],
    motifs: list[int],
    shown: str | list[str],
    paths: list[str],
) -> None:
    """Cluster test windows of the groups shown, all where none is known, and kernels by rows."""
    wanted = [g for g, name in enumerate(names) if shown == "all" or name in shown]
    rows = np.flatnonzero((seen.split == "test") & np.isin(group, wanted or range(len(names))))
    each = heatmap.MAX_WINDOWS // max(len(np.unique(group[rows])), 1)
    rows = rows[pick_evenly_per_group(group[rows], each)]
    kernels = motifs[: heatmap.MAX_KERNELS]
    labels = list(seen.kernel[kernels])
    best = seen.best[np.ix_(rows, kernels)]
    heatmap.plot_clustering(best, group[rows], names, labels, paths)


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        draw_kernels(
            kernels=snakemake.input.kernels,
            motifs=snakemake.input.motifs,
            activations=snakemake.input.activations,
            maps=snakemake.input.maps,
            folder=snakemake.output.folder,
            heat_map=[snakemake.output.svg, snakemake.output.png],
            shown=snakemake.params.shown,
            label=snakemake.params.label,
        )
