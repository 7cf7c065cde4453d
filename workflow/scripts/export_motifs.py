"""Write the motifs of one experiment, and its families, in the formats of other programs."""

from peaks2motifs.core.joblog import joblog
from peaks2motifs.motifs.meme import read_meme
from peaks2motifs.motifs.motif_files import write_homer, write_jaspar, write_transfac


def export_motifs(meme: str, jaspar: str, transfac: str, homer: str) -> None:
    """Write the motifs of a MEME file; its background is that of HOMER's thresholds."""
    motifs, background = read_meme(meme)
    write_jaspar(motifs, jaspar)
    write_transfac(motifs, transfac)
    write_homer(motifs, homer, background)
    print(f"{meme}: {len(motifs)} motifs")


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        for name in ("motifs", "families"):
            formats = ("jaspar", "transfac", "homer")
            paths = {ending: snakemake.output[f"{name}_{ending}"] for ending in formats}
            export_motifs(snakemake.input[name], **paths)
