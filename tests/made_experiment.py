"""An experiment made of small tables, and its pages."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from evaluate_model import evaluate_model
from paths import ROOT
from peaks2motifs.core.tables import write_bed, write_tsv
from peaks2motifs.motifs.meme import write_meme
from peaks2motifs.motifs.motif import Motif
from peaks2motifs.motifs.spacing import spacing_table
from peaks2motifs.pages.plots import plot_score, plot_spacing
from write_report import FIGURES, write_report

TEMPLATES = ROOT / "workflow" / "report"


SETTINGS = {"version": "0.1.0", "config_digest": "abc123", "seed": 0}
SETTINGS |= {"command": "snakemake --cores 2"}


FAMILY = {
    "medoid": "k001",
    "members": "k001,k000",
    "nsites": 3,
    "width": 3,
    "consensus": "TGA",
    "importance": 1.2,
    "test_auroc": 0.8,
    "enrichment_p": 1e-9,
    "empirical_fdr": 0.0,
    "peaks_hit": 12,
    "test_peaks": 20,
    "background_hit": 1,
    "test_background": 20,
    "enrichment_q": 1e-8,
    "own_p": 1e-9,
    "own_q": 1e-8,
    "relation": None,
    "relation_to": None,
    "lacks": None,
    "test_auroc_se": 0.02,
    "replicates": 3,
    "networks": 3,
    "ablation": 0.1,
    "ablation_se": 0.02,
    "central_width": 20,
    "central_p": 1e-6,
    "kind": "specific",
    "others_auroc": 0.77,
    "others_auroc_se": 0.03,
    "others_q": 1e-4,
    "shared_with": None,
}


HITS = {  # the second 8 bp downstream of the first, on its strand, in both windows
    "site": [0, 1, 2, 3],
    "window": [0, 1, 0, 1],
    "family": ["F1", "F1", "F2", "F2"],
    "position": [1.0, 3.0, 9.0, -5.0],
    "strand": ["+", "-", "+", "-"],
}


def family(rank: int, verdict: str, name: str | None, q: float | None, **columns: str) -> dict:
    """A row of families.tsv."""
    names = {"family": f"F{rank}", "rank": rank, "representative": f"F{rank}"}
    target = {"target_id": name and f"MA{rank}", "target_name": name, "target_q": q}
    judgement = {"verdict": verdict, "reason": f"reason <{rank}>"}
    return names | FAMILY | target | judgement | columns


SCORE_PARTS = pd.DataFrame(
    [
        ("composition", 0.55, 0.03),
        ("dinucleotides", 0.6, 0.03),
        ("4-mers", 0.64, 0.03),
        ("known", 0.7, 0.03),
        ("F1", 0.75, 0.02),
        ("families", 0.76, 0.02),
        ("all", 0.8, 0.02),
    ],
    columns=["part", "auroc", "auroc_se"],
)


KMERS = pd.DataFrame(
    [
        ("TGANTCA", 60, 0.6, 30, 40, 5, 80, "F1", "supported"),
        ("AAAAAA", 40, 0.2, 20, 40, 30, 80, "", ""),
        ("CCCGGG", 2, 0.004, 2, 40, 3, 80, "", ""),
    ],
    columns=[
        *("kmer", "similar", "share", "peaks_hit", "peaks", "background_hit", "background"),
        *("family", "verdict"),
    ],
)


def known(motif: str, name: str, auroc: float, **columns: object) -> dict:
    """A row of known.tsv."""
    row = {"motif": motif, "name": name, "own": 0, "train_auroc": auroc, "auroc": auroc}
    row |= {"auroc_se": 0.02, "peaks_hit": 9, "peaks": 20, "background_hit": 1, "background": 20}
    return row | {"enrichment_q": 1e-5} | columns


KNOWN = [known("MA1", "REB1", 0.79, own=1), known("MA2", "RAP1", 0.6), known("MA3", "ABF1", 0.5)]


PPM = np.array([[0, 0, 0, 1], [0, 0, 1, 0], [0.8, 0.1, 0.1, 0]])


KERNELS = [("k000", "motif"), ("k001", "motif"), ("k002", "dead"), ("k004", "motif")]


def kernel(name: str, status: str, **columns: object) -> dict:
    """A row of kernels.tsv."""
    row = {"kernel": name, "status": status, "reason": f"why {status}", "nsites": 3}
    row |= {"information": 5.4, "family": "F1", "importance": 1.2, "test_auroc": 0.8}
    return row | columns


def make_experiment(
    folder: Path,
    families: list[dict],
    kernels: Sequence[dict] = tuple(kernel(*row) for row in KERNELS),
    motifs: Mapping[str, np.ndarray] = {"k000": PPM, "k001": PPM, "k004": PPM},
) -> Path:
    """Write all files of one experiment that the pages read; `motifs` are those of kernels."""
    rng = np.random.default_rng(0)
    (folder / "plots").mkdir(parents=True)
    label = np.tile([0, 1], 60)
    score = np.clip(rng.normal(0.35 + 0.3 * label, 0.2), 0, 1)
    predictions = pd.DataFrame({"split": np.repeat(["train", "valid", "test"], 40)})
    predictions = predictions.assign(label=label, score=score)
    write_tsv(predictions, folder / "predictions.tsv.gz")
    history = pd.DataFrame({"epoch": [1, 2], "loss": [0.6, 0.5], "val_loss": [0.7, 0.6]})
    write_tsv(history, folder / "history.tsv")
    kernel_motifs = [Motif(name, "F1", ppm, 3) for name, ppm in motifs.items()] if families else []
    write_meme(kernel_motifs, folder / "motifs.meme")
    family_motifs = [Motif(row["family"], row["medoid"], PPM, 3) for row in families]
    write_meme(family_motifs, folder / "families.meme")
    write_tsv(
        pd.DataFrame(families, columns=list(family(1, "", None, None))), folder / "families.tsv"
    )
    write_tsv(pd.DataFrame(kernels), folder / "kernels.tsv")
    write_tsv(pd.DataFrame(KNOWN), folder / "known.tsv")
    peaks = [("chrI", 100, 300, "p1", 5, "."), ("chrI", 900, 1100, "p2", 4, ".")]
    write_bed(pd.DataFrame(peaks), folder / "peaks.bed")
    sites = [("chrI", 199, 202, "F1", 900, "+", "k001", 2.5)]
    write_bed(pd.DataFrame(sites), folder / "sites.bed.gz")
    splits = [("chrI", 0, 5000, "train"), ("chrII", 0, 800, "valid"), ("chrIV", 0, 900, "test")]
    write_bed(pd.DataFrame(splits), folder / "splits.bed")
    qc = [("peaks_read", 5, ""), ("dropped_blacklisted", 3, "on the blacklist"), ("kept", 2, "")]
    write_tsv(pd.DataFrame(qc, columns=["what", "count", "note"]), folder / "peaks.qc.tsv")
    names = [("chr1", "chrI", "roman", 2), ("chrIV", "chrIV", "identical", 0)]
    columns = ["peaks_name", "genome_name", "rule", "peaks"]
    write_tsv(pd.DataFrame(names, columns=columns), folder / "chromosomes.tsv")
    background = [("strategy", "genomic_gc", ""), ("asked_train", 1200, "1 a peak")]
    write_tsv(
        pd.DataFrame(background, columns=["what", "value", "note"]), folder / "background.qc.tsv"
    )
    spacing = spacing_table(pd.DataFrame(HITS), {"F1": 3, "F2": 4} if families else {})
    write_tsv(spacing[spacing["observed"] > 0], folder / "spacing.tsv")
    plot_spacing(spacing, folder / "plots/spacing.svg")
    write_tsv(SCORE_PARTS, folder / "score.tsv")
    plot_score(SCORE_PARTS, folder / "plots/score.svg")
    write_tsv(KMERS if families else KMERS[:0], folder / "kmers.tsv")
    evaluate(folder)
    return folder


def evaluate(folder: Path) -> None:
    """Run the evaluation of an experiment with few resamples."""
    output = {"metrics": folder / "metrics.json", "curves": folder / "curves.tsv"}
    evaluate_model(
        predictions=str(folder / "predictions.tsv.gz"),
        history=str(folder / "history.tsv"),
        output=output | {name: folder / "plots" / f"{name}.svg" for name in FIGURES},
        bootstraps=20,
        seed=0,
    )


def templates(page: str) -> dict[str, str]:
    """The three template files of a page."""
    names = {"template": f"{page}.html.jinja", "style": "style.css", "script": "page.js"}
    return {key: str(TEMPLATES / name) for key, name in names.items()}


DATA = {
    "peaks": "peaks.bed",
    "peaks_qc": "peaks.qc.tsv",
    "background_qc": "background.qc.tsv",
    "splits": "splits.bed",
    "chromosomes": "chromosomes.tsv",
}


def report(
    folder: Path,
    data: dict[str, str] = DATA,
    pictures: tuple[str, ...] = (),
    optional: Mapping[str, str] = {},
    factor: str | None = None,
) -> str:
    """Write and read the report of an experiment.

    `data` are files made from its peaks or sequences, `optional` are results of options.
    """
    results = {
        "families_meme": "families.meme",
        "motifs_meme": "motifs.meme",
        "families": "families.tsv",
        "kernels": "kernels.tsv",
        "sites": "sites.bed.gz",
        "known": "known.tsv",
        "spacings": "spacing.tsv",
        "score_parts": "score.tsv",
        "kmers": "kmers.tsv",
        "metrics": "metrics.json",
    }
    files = {key: str(folder / name) for key, name in (data | results | optional).items()}
    files |= {name: str(folder / "plots" / f"{name}.svg") for name in FIGURES}
    settings = {"experiment": "Reb1", "factor": factor, "genome": "sacCer3"} | SETTINGS
    settings |= {"background": "genomic_gc", "pictures": pictures}
    write_report(files | templates("report"), str(folder / "report.html"), settings)
    return (folder / "report.html").read_text()
