"""What the report says of families and kernels beside their logos: which columns, how, and why.

Columns that a table lacks are left out, here and in what the page explains.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from markupsafe import Markup

from peaks2motifs.core.tables import is_missing
from peaks2motifs.motifs.verdicts import is_needed
from peaks2motifs.pages.numbers import count, metric, percent, small, text, words


class Fact(NamedTuple):
    """One number of a row: its label, its column, how it is written and what it means."""

    label: str
    column: str
    form: Callable
    meaning: str
    error: str = ""  # the column of its standard error
    of: str = ""  # the column of the whole that it is a number of
    within: str = ""  # what stands in place of a number below its standard error

    @property
    def number(self) -> bool:
        """Whether it is a number, so that tables align it to the right and sort it by value."""
        return self.form not in (text, words)


AUROC = Fact(
    "test AUROC",
    "test_auroc",
    metric,
    "how well the strongest activation in a window alone tells test peaks from background; 0.5 is "
    "chance",
    "test_auroc_se",
)
ENRICHMENT = Fact(
    "enrichment, p",
    "enrichment_p",
    small,
    "Fisher's test on the test windows: more peaks than background windows hold a site",
)
IMPORTANCE = Fact(
    "importance",
    "importance",
    metric,
    "difference between peaks and background in mean strongest activation, in standard deviations, "
    "on validation windows; of a family the mean over networks",
)
ABLATION = Fact(
    "lost without it",
    "ablation",
    metric,
    "by how much the networks' test AUROC drops when its kernels are silenced; no loss: by one "
    "standard error at most",
    "ablation_se",
    within="no loss",
)
CENTRAL = Fact(
    "central, p",
    "central_p",
    small,
    "whether its sites in test peaks lie nearer the summit than anywhere, by the binomial test, "
    "corrected for the regions tried",
)
FAMILY = (
    Fact(
        "name, q-value",
        "target_q",
        small,
        "best match in the motif database by Tomtom, corrected for the size of the database; above "
        "0.05 it is shown as the nearest motif and no name",
    ),
    Fact(
        "name, FDR",
        "empirical_fdr",
        percent,
        "how many names as good come by chance, from the same motifs with their columns shuffled, "
        "one more being counted, so never 0: above 25 % it is shown as no name",
    ),
    Fact("sites", "nsites", count, "places in peaks that the logo is made of, each counted once"),
    AUROC,
    ABLATION,
    ENRICHMENT,
    CENTRAL,
    IMPORTANCE,
    Fact(
        "networks",
        "replicates",
        count,
        "in how many of the networks, which were trained apart, kernels learnt it",
        of="networks",
    ),
    Fact(
        "TF-MoDISco",
        "patterns",
        text,
        "the patterns that TF-MoDISco finds in attributions, another way than by kernels, and that "
        "are like it by Tomtom",
    ),
)
KERNEL = (
    Fact("status", "status", words, "what became of it"),
    Fact("sites", "nsites", count, "sites in peaks"),
    Fact("bits", "information", metric, "information of the logo's columns together"),
    AUROC,
    ABLATION,
    IMPORTANCE,
    Fact("family", "family", text, "the family it is in"),
)


def known(facts: Iterable[Fact], columns: Iterable[str]) -> list[Fact]:
    """Those facts whose columns a table has."""
    return [fact for fact in facts if fact.column in columns]


def raw(fact: Fact, row: Mapping) -> object:
    """A fact of a row as tables sort it: as it is, or nothing."""
    return "" if is_missing(row[fact.column]) else row[fact.column]


def shown(fact: Fact, row: Mapping) -> str | Markup:
    """A fact of a row, with its standard error, or what it is a number of, where there is one."""
    value, error = fact.form(row[fact.column]), row.get(fact.error)
    if not is_missing(row.get(fact.of)):
        return f"{value} of {fact.form(row[fact.of])}"
    if is_missing(error) or is_missing(row[fact.column]):
        return value
    if fact.within and not is_needed(row):
        return fact.within
    return Markup('{}<span class="error"> ± {}</span>').format(value, fact.form(error))
