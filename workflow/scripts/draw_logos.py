"""Draw publication-ready logos of all families of one experiment, as SVG and PNG."""

from pathlib import Path

from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.tables import read_tsv
from peaks2motifs.motifs.meme import read_motifs
from peaks2motifs.pages.plots import draw_logo


def draw_logos(families: str, motifs: str, folder: str) -> None:
    """Write <family>.svg and <family>.png into `folder` for each row of families.tsv.

    `motifs` is families.meme; the column `representative` holds the names of its motifs.
    """
    table = read_tsv(families)
    family_motifs = read_motifs(motifs)
    Path(folder).mkdir(parents=True, exist_ok=True)
    for family, representative in zip(table["family"], table["representative"], strict=True):
        paths = [f"{folder}/{family}.{ending}" for ending in ("svg", "png")]
        draw_logo(family_motifs[representative].ppm, paths)
    print(f"{folder}: logos of {len(table)} families")


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        draw_logos(
            families=snakemake.input.families,
            motifs=snakemake.input.motifs,
            folder=snakemake.output[0],
        )
