"""Verdict on each family, with reasons; and every other yes-or-no that pages and tables share.

Tables carry numbers and short words. Sentences are made here, from those columns alone, as clauses:
words with a place {} for each p- or q-value, and then these. So a table and a page write the same
reason, each with its own form of small numbers. SciPy is imported only where it is needed, since
`list_failures.py` runs where there is none.
"""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from peaks2motifs.core.limits import (
    LOSS_ERRORS,
    MAX_NAME_FDR,
    MAX_NAME_Q,
    MAX_P,
    MAX_Q,
    MIN_NETWORKS,
    MIN_STANDARD_ERRORS,
)
from peaks2motifs.core.tables import is_missing
from peaks2motifs.motifs.motif import Limits

SUPPORTED = ("supported",)  # the verdicts that pages and the catalogue count as supported
MAX_NAMES = 3  # experiments that a reason names
Clause = tuple[str | float, ...]


def is_supported(families: pd.DataFrame) -> pd.Series:
    """Which families of a families.tsv are supported, by their verdicts."""
    return families["verdict"].isin(SUPPORTED)


def is_named(family: Mapping) -> bool:
    """Whether a family's best database match is good enough to be its name."""
    if is_missing(family["target_q"]):
        return False
    return family["target_q"] <= MAX_NAME_Q and family["empirical_fdr"] <= MAX_NAME_FDR


def is_needed(motif: Mapping) -> bool:
    """Whether the networks lose AUROC without a motif: more than `LOSS_ERRORS` standard errors."""
    return motif["ablation"] > LOSS_ERRORS * motif["ablation_se"]


def judge_families(families: pd.DataFrame) -> pd.DataFrame:
    """Add enrichment_q, own_q, others_q, lacks, verdict, kind and reason to families.

    q-values are Benjamini and Hochberg's over the families. own_p is a family's independent
    enrichment: where it resembles a more important one, the enrichment among windows alike in
    whether they hold a site of the other.

    - supported: it lacks nothing, see `list_lacks`.
    - redundant: enriched, but not independently of the more important family that it resembles.
    - tentative: own_p is below `MAX_P`, but it lacks something.
    - unsupported: all others.

    `kind` says what a family's motif is specific to, see `classify`.
    """
    from peaks2motifs.core.statistics import benjamini_hochberg

    q = {
        f"{name}_q": benjamini_hochberg(families[f"{name}_p"].to_numpy(float))
        for name in ("enrichment", "own")
    }
    q["others_q"] = families["others_p"]
    if families["others_p"].notna().all():
        q["others_q"] = benjamini_hochberg(families["others_p"].to_numpy(float))
    table = families.assign(**q)
    lacks = [",".join(list_lacks(row)) for row in table.to_dict("records")]
    table["lacks"] = pd.Series(lacks, table.index, dtype=object)
    enriched, independent = table["enrichment_q"] < MAX_Q, table["own_q"] < MAX_Q
    table["verdict"] = np.select(
        [
            table["lacks"] == "",
            table["relation"].notna() & enriched & ~independent,
            table["own_p"] < MAX_P,
        ],
        ["supported", "redundant", "tentative"],
        "unsupported",
    )
    kinds = [classify(row) for row in table.to_dict("records")]
    table["kind"] = pd.Series(kinds, table.index, dtype=object)
    reasons = [write_reason(family_clauses(row)) for row in table.to_dict("records")]
    return table.assign(reason=reasons)


def classify(family: Mapping) -> str:
    """What a family's motif belongs to; "" where there are no other experiments.

    - specific: to the experiment. Among test peaks and those of other experiments it is enriched
      (others_q < `MAX_Q`), with an AUROC more than `MIN_STANDARD_ERRORS` above 0.5.
    - shared: not specific, and found in the peaks of other experiments, those of shared_with.
    - regional: neither, but enriched against background, so a feature of regions that factors bind.
    """
    if is_missing(family["others_q"]):
        return ""
    margin = MIN_STANDARD_ERRORS * family["others_auroc_se"]
    if family["others_q"] < MAX_Q and family["others_auroc"] - margin > 0.5:
        return "specific"
    if not is_missing(family["shared_with"]):
        return "shared"
    return "regional" if family["enrichment_q"] < MAX_Q else ""


def list_lacks(family: Mapping) -> list[str]:
    """What a family lacks to be supported: some of "enrichment", "auroc" and "networks".

    It needs an own_q below `MAX_Q`, an AUROC more than `MIN_STANDARD_ERRORS` above 0.5, and as many
    networks that learned it as `needed_networks` says.
    """
    margin = MIN_STANDARD_ERRORS * family["test_auroc_se"]
    conditions = {
        "enrichment": family["own_q"] < MAX_Q,
        "auroc": family["test_auroc"] - margin > 0.5,
        "networks": family["replicates"] >= needed_networks(family),
    }
    return [name for name, holds in conditions.items() if not holds]


def needed_networks(family: Mapping) -> int:
    """How many networks must have learned a family.

    All of them where it resembles a more important family, since a part or a variant of one is
    learned easily; else `MIN_NETWORKS`, or one where one was trained.
    """
    if is_missing(family["relation"]):
        return min(family["networks"], MIN_NETWORKS)
    return family["networks"]


def hit_shares(motif: Mapping) -> str:
    """How often a motif has a site in held-out windows."""
    peaks, background = motif["test_peaks"], motif["test_background"]
    return (
        f"in {motif['peaks_hit'] * 100 / max(peaks, 1):.0f} % of {peaks} held-out peaks and "
        f"{motif['background_hit'] * 100 / max(background, 1):.0f} % of {background} background "
        "windows"
    )


def family_clauses(family: Mapping) -> list[Clause]:
    """The evidence for a family, and what a tentative one lacks."""
    clauses: list[Clause] = [(f"{hit_shares(family)} (q = {{}})", family["enrichment_q"])]
    if not is_missing(family["relation"]):
        other = family["relation_to"]
        clauses.append((f"{family['relation']} {other}",))
        if is_tested_again(family):
            clauses.append((f"independently of {other}: q = {{}}", family["own_q"]))
    clauses += contrast_clauses(family)
    if family["networks"] > 1:
        clauses.append((f"learned by {family['replicates']} of {family['networks']} networks",))
    clauses.append((f"AUROC {family['test_auroc']:.2f} ± {family['test_auroc_se']:.2f}",))
    if not is_missing(family["ablation"]):
        loss = f"loss of {family['ablation']:.3f} ± {family['ablation_se']:.3f} without it"
        clauses.append((loss if is_needed(family) else "no loss without it",))
    if family["central_p"] < MAX_P:
        width = f"{family['central_width']:.0f}"
        clauses.append((f"concentrated in the central {width} bp (p = {{}})", family["central_p"]))
    if family["verdict"] == "tentative":
        clauses.append(needs(family))
    return clauses


def contrast_clauses(family: Mapping) -> list[Clause]:
    """What the comparison with the peaks of other experiments says of a family, if there are any.

    Of experiments that share its motif at most `MAX_NAMES` are named.
    """
    if is_missing(family["others_q"]):
        return []
    shared = [] if is_missing(family["shared_with"]) else family["shared_with"].split(",")
    named, more = ", ".join(shared[:MAX_NAMES]), len(shared) - MAX_NAMES
    named += f" and {more} more" if more > 0 else ""
    against = f"against other peaks AUROC {family['others_auroc']:.2f}"
    words = {
        "specific": f"{against} (q = {{}})" + (f", also in {named}" if named else ""),
        "shared": f"shared with {named}: {against} (q = {{}})",
        "regional": f"{against} (q = {{}}), a feature of the regions",
        "": f"{against} (q = {{}})",
    }
    kind = "" if is_missing(family["kind"]) else family["kind"]
    return [(words[kind], family["others_q"])]


def is_tested_again(family: Mapping) -> bool:
    """Whether own_p is that of windows with or without another family, and not enrichment_p."""
    return family["own_p"] != family["enrichment_p"]


def needs(family: Mapping) -> Clause:
    """What a family lacks, in words; with its own_q, if that is too high and not shown before."""
    number = needed_networks(family)
    networks = (
        f"at least {number} networks"
        if is_missing(family["relation"])
        else f"all {number} networks, because it is related to {family['relation_to']}"
    )
    own_q = "" if is_tested_again(family) else ", here {}"
    words = {
        "enrichment": f"independent enrichment (q < {MAX_Q:g}{own_q})",
        "auroc": f"an AUROC more than {MIN_STANDARD_ERRORS:g} standard errors above 0.5",
        "networks": networks,
    }
    text = f"needs {' and '.join(words[name] for name in family['lacks'].split(','))}"
    return (text, family["own_q"]) if "{}" in text else (text,)


def kernel_reason(kernel: Mapping, limits: Limits) -> str:
    """Why a kernel is no motif, or how often the motif of one that is has a site.

    `limits` are those of the motif rule.
    """
    if kernel["status"] == "motif":
        unlisted = "; its family is not among the motifs.max_families listed"
        return hit_shares(kernel) + (unlisted if is_missing(kernel["family"]) else "")
    if kernel["lacks"] == "variation":
        return "its activation is the same in all windows"
    if kernel["status"] == "dead":
        return "no window activates it above its threshold"
    if kernel["lacks"] == "sites":
        return f"{kernel['nsites']} sites, at least {limits.min_sites} needed"
    return (
        f"{kernel['information']:.1f} bits in {kernel['motif_width']} columns, at least "
        f"{limits.min_information:g} bits in {limits.min_width} columns needed"
    )


def write_reason(
    clauses: list[Clause], write_p: Callable[[float], str] = "{:.2g}".format, text: type = str
) -> str:
    """Join clauses to a sentence, p- and q-values as `write_p` has them, words as `text`."""
    sentences = (text(words).format(*map(write_p, p)) for words, *p in clauses)
    return text("; ").join(sentences)
