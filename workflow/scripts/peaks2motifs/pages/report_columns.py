"""Columns of families.tsv and kernels.tsv that the report shows, with labels and explanations.

A column that a table lacks is left out, both in the table and in the explanations.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from markupsafe import Markup

from peaks2motifs.core.limits import LOSS_ERRORS, MAX_BACKGROUND_HITS, MAX_NAME_FDR, MAX_NAME_Q
from peaks2motifs.core.tables import is_missing
from peaks2motifs.motifs.verdicts import is_needed
from peaks2motifs.pages.numbers import count, metric, percent, small, spell, text, words


class ReportColumn(NamedTuple):
    """A column of a table: its label on the page, its name in the file, its format and meaning."""

    label: str
    name: str
    write: Callable
    meaning: str
    error_column: str = ""  # holds the standard error
    total_column: str = ""  # holds the number that this one is counted out of
    below_error: str = ""  # shown in place of a value that is no loss, see `is_needed`

    @property
    def is_number(self) -> bool:
        """Whether cells are numbers, which tables align to the right and sort by value."""
        return self.write not in (text, words)


AUROC = ReportColumn(
    "test AUROC",
    "test_auroc",
    metric,
    "how well the highest activation in a window alone separates test peaks from background; 0.5 "
    "is chance",
    error_column="test_auroc_se",
)
OTHERS = ReportColumn(
    "AUROC, other peaks",
    "others_auroc",
    metric,
    "how well it separates test peaks from the peaks of other experiments",
    error_column="others_auroc_se",
)
ENRICHMENT = ReportColumn(
    "enrichment, p",
    "enrichment_p",
    small,
    "Fisher's exact test on test windows, for more sites in peaks than in background",
)
IMPORTANCE = ReportColumn(
    "importance",
    "importance",
    metric,
    "difference between peaks and background in mean highest activation, in standard deviations, "
    "on validation windows; for a family, the mean over networks",
)
ABLATION = ReportColumn(
    "lost without it",
    "ablation",
    metric,
    "drop in the networks' test AUROC when its kernels are silenced; no loss: at most "
    f"{spell(LOSS_ERRORS)} standard error{'' if LOSS_ERRORS == 1 else 's'}",
    error_column="ablation_se",
    below_error="no loss",
)
CENTRAL = ReportColumn(
    "central, p",
    "central_p",
    small,
    "binomial test for sites close to the summits of test peaks, corrected for the number of "
    "regions tried",
)
FAMILY_COLUMNS = (
    ReportColumn(
        "name, q-value",
        "target_q",
        small,
        "Tomtom q-value of the best match in the motif database; a match above "
        f"{MAX_NAME_Q:g} is shown as the nearest motif, not as the name",
    ),
    ReportColumn(
        "name, FDR",
        "empirical_fdr",
        percent,
        "empirical false discovery rate of the name, from motifs with shuffled columns; one extra "
        "chance match is counted, so it is never 0; a match above "
        f"{100 * MAX_NAME_FDR:g} % is not shown as the name",
    ),
    ReportColumn(
        "sites", "nsites", count, "places in peaks that the logo is made of, each counted once"
    ),
    AUROC,
    OTHERS,
    ABLATION,
    ENRICHMENT,
    CENTRAL,
    IMPORTANCE,
    ReportColumn(
        "networks",
        "replicates",
        count,
        "number of networks with a kernel whose sites are pooled in this motif",
        total_column="networks",
    ),
    ReportColumn(
        "TF-MoDISco",
        "patterns",
        text,
        "similar patterns (by Tomtom) that TF-MoDISco found in attributions, independently of "
        "kernels",
    ),
)
KERNEL_COLUMNS = (
    ReportColumn("status", "status", words, "whether the kernel gave a motif, or why not"),
    ReportColumn("sites", "nsites", count, "number of sites in peaks"),
    ReportColumn("bits", "information", metric, "information content of the motif"),
    AUROC,
    ABLATION,
    IMPORTANCE,
    ReportColumn("family", "family", text, "family that the kernel belongs to"),
)
KNOWN_COLUMNS = (
    ReportColumn(
        "test AUROC",
        "auroc",
        metric,
        "how well the best match in a window alone separates test peaks from background; 0.5 is "
        "chance",
        error_column="auroc_se",
    ),
    ReportColumn(
        "peaks hit",
        "peaks_share",
        percent,
        "test peaks with a match above the threshold, which at most "
        f"{100 * MAX_BACKGROUND_HITS:g} % of training background exceeds",
    ),
    ReportColumn(
        "back\N{SOFT HYPHEN}ground hit",
        "background_share",
        percent,
        "the same for background windows",
    ),
    ReportColumn(
        "q",
        "enrichment_q",
        small,
        "Fisher's exact test on these windows, corrected over all known motifs",
    ),
)


def columns_present(columns: Iterable[ReportColumn], names: Iterable[str]) -> list[ReportColumn]:
    """Select the columns that a table with these column names has."""
    return [column for column in columns if column.name in names]


def sort_key(column: ReportColumn, row: Mapping) -> object:
    """The value of a cell by which the browser sorts, "" where it is missing."""
    return "" if is_missing(row[column.name]) else row[column.name]


def write_cell(column: ReportColumn, row: Mapping) -> str | Markup:
    """Write a cell, with its standard error or its total where the row has one."""
    value, error = row[column.name], row.get(column.error_column)
    written = column.write(value)
    if not is_missing(row.get(column.total_column)):
        return f"{written} of {column.write(row[column.total_column])}"
    if is_missing(error) or is_missing(value):
        return written
    if column.below_error and not is_needed(row):
        return column.below_error
    return Markup('{}<span class="error"> ± {}</span>').format(written, column.write(error))
