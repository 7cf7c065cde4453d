"""Sections of the report, from the tables of one experiment."""

import numpy as np
import pandas as pd
from markupsafe import Markup

from peaks2motifs.core.limits import BETTER_ERRORS, MAX_KMER_ROWS, MIN_KMER_SHARE
from peaks2motifs.motifs.motif import Motif
from peaks2motifs.motifs.verdicts import family_clauses, is_named, is_supported, write_reason
from peaks2motifs.pages.logos import (
    histogram_svg,
    logo_svg,
    position_histogram,
    repeat_logo,
)
from peaks2motifs.pages.numbers import keep_units, small

ENDS = ["start", "end"]
BEST_KNOWN, BEST_OWN = 5, 3  # known motifs that a report shows: of all, and of the factor


METRICS = [
    ("auroc", "AUROC"),
    ("auprc", "AUPRC"),
    ("accuracy", "accuracy"),
    ("mcc", "MCC"),
    ("recall_at_fdr10", "recall at 10 % FDR"),
    ("log_loss", "log loss (nats)"),
    ("brier", "Brier score"),
    ("calibration_error", "expected calibration error"),
    ("precision", "precision at the threshold"),
    ("recall", "recall at the threshold"),
]


STATUS_MEANING = {
    "motif": "enough sites and information; listed in motifs.meme",
    "dead": "never activated above its threshold",
    "low_information": "activated, but its sites have little in common",
    "too_few_sites": "activated in too few windows to give a motif",
}


def motif_logo(motif: Motif, consensus: str) -> Markup:
    """Draw the logo of a motif as inline SVG, labelled with its consensus."""
    return Markup(logo_svg(motif.ppm, str(Markup.escape(consensus))))


def site_offsets(sites: pd.DataFrame, windows: pd.DataFrame) -> np.ndarray:
    """Distance in bp of each site's centre from its window's centre; positive to the right.

    The window of a site is the one with the nearest centre on its chromosome. Sites on chromosomes
    without windows are left out.
    """
    window_centres = {
        chrom: np.sort(ends.mean(axis=1)) for chrom, ends in windows.groupby("chrom")[ENDS]
    }
    site_centres = {chrom: ends.mean(axis=1) for chrom, ends in sites.groupby("chrom")[ENDS]}
    offsets = [
        centres - _nearest(window_centres[chrom], centres)
        for chrom, centres in site_centres.items()
        if chrom in window_centres
    ]
    return np.concatenate(offsets) if offsets else np.empty(0)


def _nearest(ascending: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The element of `ascending` nearest to each value."""
    right = np.clip(np.searchsorted(ascending, values), 1, max(len(ascending) - 1, 1))
    left, right = ascending[right - 1], ascending[np.minimum(right, len(ascending) - 1)]
    return np.where(values - left <= right - values, left, right)


def family_cards(
    families: pd.DataFrame,
    representatives: dict[str, Motif],
    motifs: dict[str, Motif],
    sites: pd.DataFrame,
    windows: pd.DataFrame,
) -> list[dict]:
    """Collect what the report shows of each family: its row, pictures and member kernels.

    `representatives` are the motifs of families.meme and `motifs` those of motifs.meme, both by
    name. `sites` (columns chrom, start, end, name) and `windows` (peaks.bed) give the positions.
    Member logos refer to those that `kernel_list` draws.
    """
    length = int((windows["end"] - windows["start"]).max())
    family_sites = dict(list(sites.groupby("name", sort=False)))
    cards = []
    for row, supported in zip(families.to_dict("records"), is_supported(families), strict=True):
        offsets = site_offsets(family_sites.get(row["family"], sites.iloc[:0]), windows)
        members = [motifs[name] for name in row["members"].split(",")]
        cards.append(
            row
            | {
                "supported": supported,
                "named": is_named(row),
                "reason": write_reason(family_clauses(row), small, keep_units),
                "logo": motif_logo(representatives[row["representative"]], row["consensus"]),
                "histogram": _histogram(offsets, length),
                "half_within": float(np.median(np.abs(offsets))) if len(offsets) else None,
                "member_logos": [(m.name, m.nsites, _repeated_logo(m)) for m in members],
            }
        )
    return cards


def _repeated_logo(motif: Motif) -> Markup:
    return Markup(repeat_logo(f"logo-{motif.name}", len(motif.ppm), motif.name))


def _histogram(offsets: np.ndarray, length: int) -> Markup:
    label = f"Histogram of {len(offsets)} sites by distance from the window centre"
    return Markup(histogram_svg(position_histogram(offsets, length), length, label))


def metric_rows(metrics: dict) -> list[dict]:
    """One row per metric: its name, and its value and interval in each split."""
    splits = list(metrics)
    return [
        {"name": name, "cells": [(metrics[s][key], metrics[s]["interval"][key]) for s in splits]}
        for key, name in METRICS
    ]


def split_rows(splits: pd.DataFrame, metrics: dict) -> list[dict]:
    """One row per split: its chromosomes or blocks, its bases, and its windows of each class."""
    rows = []
    for split in metrics:
        blocks = splits[splits["split"] == split]
        chroms = list(dict.fromkeys(blocks["chrom"]))
        regions = ", ".join(chroms[:8])
        regions += f" and {len(chroms) - 8} more" if len(chroms) > 8 else ""
        if len(blocks) > len(chroms):
            regions = f"{len(blocks):,} blocks on {regions}"
        bases = int((blocks["end"] - blocks["start"]).sum())
        windows = {key: metrics[split][key] for key in ("peaks", "background")}
        rows.append({"split": split, "regions": regions, "bases": bases} | windows)
    return rows


def status_rows(kernels: pd.DataFrame) -> list[dict]:
    """One row per status: its number of kernels and its meaning."""
    counts = kernels["status"].value_counts()
    return [
        {"status": status, "kernels": int(counts.get(status, 0)), "meaning": meaning}
        for status, meaning in STATUS_MEANING.items()
    ]


def spacing_rows(spacing: pd.DataFrame) -> list[dict]:
    """One row per pair of families: the distance of spacing.tsv with the lowest p-value."""
    ranked = spacing.sort_values("p_value", kind="stable")
    return ranked.drop_duplicates(["first", "second"]).to_dict("records")


def known_rows(known: pd.DataFrame) -> list[dict]:
    """Choose the known motifs to show: the best, and the best of the factor's own.

    Each is a row of known.tsv with its rank, and the fractions of peaks and background with a hit.
    """
    known = known.assign(
        rank=np.arange(1, len(known) + 1),
        peaks_share=known["peaks_hit"] / known["peaks"].clip(lower=1),
        background_share=known["background_hit"] / known["background"].clip(lower=1),
    )
    is_own = known["own"] == 1
    is_best_own = is_own & (is_own.cumsum() <= BEST_OWN)
    return known[(known["rank"] <= BEST_KNOWN) | is_best_own].to_dict("records")


def kmer_rows(kmers: pd.DataFrame) -> list[dict]:
    """Choose at most `MAX_KMER_ROWS` k-mers to show, with a share of at least `MIN_KMER_SHARE`.

    Each is a row of kmers.tsv with the fractions of peaks and background that it occurs in.
    """
    kmers = kmers[kmers["share"] >= MIN_KMER_SHARE].head(MAX_KMER_ROWS)
    return kmers.assign(
        family=kmers["family"].fillna(""),
        peaks_share=kmers["peaks_hit"] / kmers["peaks"],
        background_share=kmers["background_hit"] / kmers["background"],
    ).to_dict("records")


def find_better(known: pd.DataFrame, families: pd.DataFrame) -> dict | None:
    """Find the known motif that separates test peaks better than the first family, if there is one.

    Only the motif that is best on training windows is compared: the best of hundreds on test
    windows would look better by chance. The AUROCs must differ by more than `BETTER_ERRORS`
    standard errors of two independent values. Returns its row of known.tsv, with `family` and
    `family_auroc`.
    """
    if known.empty or families.empty:
        return None
    motif = known.loc[known["train_auroc"].idxmax()]
    first = families.iloc[0]
    error = np.hypot(motif["auroc_se"], first["test_auroc_se"])
    if not motif["auroc"] - first["test_auroc"] > BETTER_ERRORS * error:
        return None
    return motif.to_dict() | {"family": first["family"], "family_auroc": first["test_auroc"]}


def kernel_list(kernels: pd.DataFrame, motifs: dict[str, Motif]) -> list[dict]:
    """Collect what the report shows of each kernel: its row, and its logo if it gave a motif."""
    return [
        row
        | {
            "logo": _kernel_logo(motifs[row["kernel"]]) if row["kernel"] in motifs else None,
            "reason": keep_units(row["reason"]),
        }
        for row in kernels.to_dict("records")
    ]


def _kernel_logo(motif: Motif) -> Markup:
    return Markup(logo_svg(motif.ppm, motif.name, f"logo-{motif.name}"))
