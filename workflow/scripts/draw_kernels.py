"""Draw kernels: a figure of each kernel that is a motif, and a clustered heat map of all."""

from pathlib import Path

import h5py
import numpy as np
from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.subsample import pick_evenly_per_group
from peaks2motifs.core.tables import read_tsv
from peaks2motifs.model.activations import Activations, read_activations, read_labels
from peaks2motifs.motifs.meme import read_meme
from peaks2motifs.motifs.rule_results import read_result, view_of_rule
from peaks2motifs.pages import heatmap
from peaks2motifs.pages.kernel_figures import group_windows, kernel_svg


def draw_kernels(
    kernels: str,
    motifs: str,
    rule: str,
    activations: str,
    maps: str,
    folder: str,
    heat_map: list[str],
    shown: str | list[str],
    label: str | None,
) -> None:
    """Write <kernel>.svg into `folder` for each motif of motifs.meme, and the heat map.

    Sites are those in peaks. The highest activations are those in validation and test windows; the
    heat map shows test windows of the classes `shown`, "all" or a list of names. In a model with
    classes, windows of class `label` are the peaks. `rule` is the rules/<rule>.h5 that the motifs
    were made from; it gives their names and the centres of their sites.
    """
    sites = view_of_rule(read_activations(activations, label), read_result(rule))
    group, group_names = group_windows(*read_labels(activations), label)
    thresholds = read_tsv(kernels).set_index("kernel")["threshold"]
    ppms = {motif.name: motif.ppm for motif in read_meme(motifs)[0]}
    column = {kernel: number for number, kernel in enumerate(sites.kernel)}
    Path(folder).mkdir(parents=True, exist_ok=True)
    with h5py.File(maps) as file:
        mean, deviation, first = (file[name][:] for name in ("mean", "deviation", "first"))
    window, is_held_out = mean.shape[2], sites.split != "train"
    for name, ppm in ppms.items():
        k = column[name]
        offsets = site_offsets(sites, k, thresholds[name], window)
        best = [sites.best[is_held_out & (group == g), k] for g in range(len(group_names))]
        profile = mean[:, k], deviation[:, k], first[k]
        svg = kernel_svg(f"kernel {name}", ppm, offsets, profile, best, group_names, window)
        Path(f"{folder}/{name}.svg").write_text(svg)
    motif_columns = [column[name] for name in ppms]
    draw_clustering(sites, group, group_names, motif_columns, shown, heat_map)
    print(f"{folder}: {len(ppms)} kernels")


def site_offsets(sites: Activations, kernel: int, threshold: float, window: int) -> np.ndarray:
    """Return the centres (m,) of a kernel's sites in peaks, in bp from the centre of the window."""
    is_site = (sites.best[:, kernel] > threshold) & (sites.label == 1)
    return sites.position[is_site, kernel] + sites.width[kernel] / 2 - window / 2


def draw_clustering(
    sites: Activations,
    group: np.ndarray,
    group_names: list[str],
    motif_columns: list[int],
    shown: str | list[str],
    paths: list[str],
) -> None:
    """Draw the clustered activations of motif kernels in test windows of the groups `shown`.

    All groups are drawn if `shown` matches none. Groups get equal numbers of windows.
    """
    matches = [g for g, name in enumerate(group_names) if shown == "all" or name in shown]
    in_groups = np.isin(group, matches or range(len(group_names)))
    rows = np.flatnonzero((sites.split == "test") & in_groups)
    group_size = heatmap.MAX_WINDOWS // max(len(np.unique(group[rows])), 1)
    rows = rows[pick_evenly_per_group(group[rows], group_size)]
    kernels = motif_columns[: heatmap.MAX_KERNELS]
    best = sites.best[np.ix_(rows, kernels)]
    kernel_names = list(sites.kernel[kernels])
    heatmap.plot_clustering(best, group[rows], group_names, kernel_names, paths)


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        draw_kernels(
            kernels=snakemake.input.kernels,
            motifs=snakemake.input.motifs,
            rule=snakemake.input.rule,
            activations=snakemake.input.activations,
            maps=snakemake.input.maps,
            folder=snakemake.output.folder,
            heat_map=[snakemake.output.svg, snakemake.output.png],
            shown=snakemake.params.shown,
            label=snakemake.params.label,
        )
