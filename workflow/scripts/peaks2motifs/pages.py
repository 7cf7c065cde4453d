"""What the pages show: numbers in words, sections made of tables, and the page itself.

A page is one HTML file that needs no other: style, script, logos and figures are within it. The
templates only lay out; what they show is worked out here.
"""

import base64
import re
from pathlib import Path

import numpy as np
import pandas as pd
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from peaks2motifs.formats import Motif, read_meme
from peaks2motifs.logos import (
    glyph_definitions,
    histogram_svg,
    logo_again,
    logo_svg,
    position_histogram,
)
from peaks2motifs.verdicts import FOUND

DASH = "–"
ENDS = ["start", "end"]
SMALLEST_P = 1e-300  # evidence.MIN_P, "that or less"
# A worse match is shown as the nearest known motif, not as the motif's name. The empirical FDR is a
# rough number for one family, so its limit is wide: it only keeps out names that chance explains.
MAX_NAME_Q = 0.05
MAX_NAME_FDR = 0.25
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
SPELLINGS = {"n": "N", "t": "T", "u": "U", "gc": "GC", "1bp": "1 bp"}
STATUS_MEANING = {
    "motif": "enough sites, enough information: in motifs.meme",
    "dead": "never fires above its threshold",
    "low_information": "fires, but its sites have nothing in common",
    "too_few_sites": "fires too rarely to give a matrix",
}


def is_missing(value: object) -> bool:
    """Whether a table's cell holds nothing."""
    return value is None or value == "" or (isinstance(value, float) and np.isnan(value))


def metric(value: float | None) -> str:
    """A number with three decimals, zero without a sign, or a dash."""
    return DASH if is_missing(value) else f"{value:z.3f}".replace("-", "−")


def count(value: float | None) -> str:
    """A whole number with its thousands set apart, or a dash."""
    return DASH if is_missing(value) else f"{int(value):,}"


def percent(value: float | None) -> str:
    """A fraction in percent, or a dash."""
    if is_missing(value):
        return DASH
    return "< 0.1 %" if 0 < value < 0.001 else f"{100 * value:.1f} %".replace(".0 %", " %")


def small(value: float | None) -> str | Markup:
    """A p- or q-value: two digits, powers of ten below 0.001, or a dash."""
    if is_missing(value):
        return DASH
    if value <= SMALLEST_P:
        return Markup("≤&nbsp;10<sup>−300</sup>")
    if value >= 0.001:
        return f"{value:.2g}"
    digits, exponent = f"{value:.1e}".split("e")
    return Markup(f"{digits}&nbsp;×&nbsp;10<sup>−{abs(int(exponent))}</sup>")


def text(value: object) -> str:
    """A cell as it is, or a dash."""
    return DASH if is_missing(value) else str(value)


def figure(value: object) -> str:
    """A cell of a column of mixed numbers and words: numbers to four digits or with thousands."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return text(value)
    if is_missing(number):
        return DASH
    return f"{number:,.0f}" if number.is_integer() else f"{number:.4g}"


def words(name: str) -> str:
    """A table's key as words: "dropped_too_many_n" reads "dropped too many N"."""
    return " ".join(SPELLINGS.get(word, word) for word in str(name).split("_"))


def reason(value: object) -> Markup:
    """A sentence of a table, its small numbers written as by `small` and kept with their unit."""
    parts = re.split(r"(\d\.?\d*e-\d+)", text(value).replace(" %", "\N{NO-BREAK SPACE}%"))
    return Markup().join(small(float(x)) if i % 2 else x for i, x in enumerate(parts))


FILTERS = (metric, count, percent, small, text, figure, words, reason)


def render(template: str, style: str, script: str, context: dict) -> str:
    """Fill the Jinja template file; `style` and `script` are files to be put into the page."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {f.__name__: f for f in FILTERS}
    page = environment.from_string(Path(template).read_text())
    shared = {
        "style": Markup(Path(style).read_text()),
        "script": Markup(Path(script).read_text()),
        "glyphs": Markup(glyph_definitions()),
    }
    return page.render(**shared, **context)


def save(text: str, page: str) -> None:
    """Write a page whole or not at all, also where the run is killed."""
    part = Path(f"{page}.part")
    part.write_text(text)
    part.replace(page)


def is_named(family: dict) -> bool:
    """Whether a family's best database match is good enough to be its name."""
    if is_missing(family["target_q"]):
        return False
    return family["target_q"] <= MAX_NAME_Q and family["empirical_fdr"] <= MAX_NAME_FDR


def read_motifs(path: str) -> dict[str, Motif]:
    """Read the motifs of a MEME file by name."""
    return {motif.name: motif for motif in read_meme(path)[0]}


def logo(motif: Motif, consensus: str) -> Markup:
    """A motif's logo, ready for the page."""
    return Markup(logo_svg(motif.ppm, str(Markup.escape(consensus))))


def site_offsets(sites: pd.DataFrame, windows: pd.DataFrame) -> np.ndarray:
    """Distance in bp of each site's centre from its window's centre; positive to the right.

    A site's window is the one with the nearest centre on its chromosome; sites on chromosomes
    without a window are left out.
    """
    centres = {c: np.sort(part.mean(axis=1)) for c, part in windows.groupby("chrom")[ENDS]}
    offsets = [
        middle - _nearest(centres[chrom], middle)
        for chrom, middle in ((c, part.mean(axis=1)) for c, part in sites.groupby("chrom")[ENDS])
        if chrom in centres
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
    """What the report shows of each family: its row, its pictures and its members.

    representatives are the motifs of families.meme, motifs those of motifs.meme, both by name;
    sites (columns chrom, start, end, name) and windows (peaks.bed) give the positions. The
    members' logos are those of `kernel_list`, shown again.
    """
    length = int((windows["end"] - windows["start"]).max())
    by_family = dict(list(sites.groupby("name", sort=False)))
    cards = []
    for row in families.to_dict("records"):
        offsets = site_offsets(by_family.get(row["family"], sites.iloc[:0]), windows)
        members = [motifs[name] for name in row["members"].split(",")]
        cards.append(
            row
            | {
                "enriched": row["verdict"] in FOUND,
                "named": is_named(row),
                "logo": logo(representatives[row["representative"]], row["consensus"]),
                "histogram": _histogram(offsets, length),
                "half_within": float(np.median(np.abs(offsets))) if len(offsets) else None,
                "centre": row["medoid"],
                "member_logos": [(m.name, m.nsites, _again(m)) for m in members],
            }
        )
    return cards


def _again(motif: Motif) -> Markup:
    return Markup(logo_again(f"logo-{motif.name}", len(motif.ppm), motif.name))


def _histogram(offsets: np.ndarray, length: int) -> Markup:
    label = f"{len(offsets)} sites by distance from the window's centre"
    return Markup(histogram_svg(position_histogram(offsets, length), length, label))


def metric_rows(metrics: dict) -> list[dict]:
    """One row for each metric: its name, and value and interval in each split."""
    splits = list(metrics)
    return [
        {"name": name, "cells": [(metrics[s][key], metrics[s]["interval"][key]) for s in splits]}
        for key, name in METRICS
    ]


def split_rows(splits: pd.DataFrame, metrics: dict) -> list[dict]:
    """One row for each split: its chromosomes (or blocks), bases and windows of either class."""
    rows = []
    for split in metrics:
        part = splits[splits["split"] == split]
        chroms = list(dict.fromkeys(part["chrom"]))
        where = ", ".join(chroms[:8]) + (f" and {len(chroms) - 8} more" if len(chroms) > 8 else "")
        if len(part) > len(chroms):
            where = f"{len(part):,} blocks on {where}"
        bases = int((part["end"] - part["start"]).sum())
        windows = {key: metrics[split][key] for key in ("peaks", "background")}
        rows.append({"split": split, "where": where, "bases": bases} | windows)
    return rows


def status_rows(kernels: pd.DataFrame) -> list[dict]:
    """One row for each status: how many kernels have it, and what it means."""
    counts = kernels["status"].value_counts()
    return [
        {"status": status, "kernels": int(counts.get(status, 0)), "meaning": meaning}
        for status, meaning in STATUS_MEANING.items()
    ]


def spacing_rows(spacing: pd.DataFrame) -> list[dict]:
    """One row for each pair of families: the distance of spacing.tsv with the lowest p-value."""
    ranked = spacing.sort_values("p_value", kind="stable")
    return ranked.drop_duplicates(["first", "second"]).to_dict("records")


def kernel_list(kernels: pd.DataFrame, motifs: dict[str, Motif]) -> list[dict]:
    """What the report shows of each kernel: its row, and its logo where it is in motifs.meme."""
    return [
        row | {"logo": _named_logo(motifs[row["kernel"]]) if row["kernel"] in motifs else None}
        for row in kernels.to_dict("records")
    ]


def _named_logo(motif: Motif) -> Markup:
    return Markup(logo_svg(motif.ppm, motif.name, f"logo-{motif.name}"))


def data_uri(path: str) -> str:
    """An SVG file as an address that holds the whole picture."""
    return "data:image/svg+xml;base64," + base64.b64encode(Path(path).read_bytes()).decode()


def interval_svg(value: float, low: float, high: float) -> Markup:
    """A value between 0.5 and 1 with its interval, as a dot on a line; lower values lie at 0.5."""
    width, height = 120, 14
    x, left, right = (max(v - 0.5, 0) * 2 * (width - 8) + 4 for v in (value, low, high))
    return Markup(
        f'<svg class="interval" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'aria-hidden="true"><path class="rule" d="M4 7H{width - 4}M4 4v6M{width / 2:g} 4v6'
        f'M{width - 4} 4v6"/><path class="range" d="M{left:.1f} 7H{right:.1f}"/>'
        f'<circle cx="{x:.1f}" cy="7" r="3.5"/></svg>'
    )
