"""What the score of a model rests on, from score.tsv: the parts in words, and one sentence."""

from collections.abc import Mapping
from math import hypot

import pandas as pd

from peaks2motifs.core.limits import MIN_STANDARD_ERRORS

PARTS = {  # name and meaning
    "composition": (
        "base composition",
        "logistic regression on the frequencies of A or T and of C or G",
    ),
    "dinucleotides": ("dinucleotides", "the same on the frequencies of dinucleotides"),
    "4-mers": ("4-mers", "the same on the frequencies of 4-mers, which include pieces of motifs"),
    "known": (
        "best known profile",
        "best match to the profile of the database with the highest AUROC on training windows",
    ),
    "own": ("the factor’s own profile", "the same among the profiles of this factor"),
    "F1": (
        "F1",
        "best match to the motif of the first family; its test AUROC among the families is that of "
        "its kernels",
    ),
    "families": (
        "all supported families",
        "logistic regression on the best matches to the motifs of these families",
    ),
    "networks": ("networks alone", "mean logit of the networks"),
    "k-mers": ("gapped k-mers alone", "logit of the gapped k-mers"),
    "all": ("model", "the score of the model"),
}
WORD_PARTS = ("composition", "dinucleotides", "4-mers")
MOTIF_PARTS = ("F1", "known", "own")  # a single motif each
NAMES = {
    "F1": "F1 alone",
    "families": "all supported families together",
    "known": "the best known profile",
    "composition": "base composition",
    "4-mers": "a regression on 4-mers",
    "all": "the model",
}


def describe_score(parts: pd.DataFrame) -> str:
    """Say what the score rests on, from a score.tsv: the test AUROCs, then what follows from them.

    A model whose AUROC exceeds 0.5 by no more than `MIN_STANDARD_ERRORS` has no score to explain.
    """
    table = parts.set_index("part")
    auroc, error = table["auroc"].to_dict(), table["auroc_se"].to_dict()
    if auroc["all"] - MIN_STANDARD_ERRORS * error["all"] <= 0.5:
        return (
            f"The model reaches a test AUROC of {auroc['all']:.2f}, not clearly above chance "
            "(0.5): there is no score to explain."
        )
    first, *others = shown_parts(auroc)
    numbers = [f"{NAMES[first]} reaches a test AUROC of {auroc[first]:.2f}"]
    numbers += [f"{NAMES[part]} {auroc[part]:.2f}" for part in others]
    sentence = f"{', '.join(numbers[:-1])} and {numbers[-1]}: {conclude(auroc, error)}."
    return sentence[0].upper() + sentence[1:]


def shown_parts(auroc: Mapping[str, float]) -> list[str]:
    """List the parts whose AUROCs the sentence states.

    All families together are left out if they are only F1, the best known profile if F1 is as good,
    and base composition if it does not explain half of the score.
    """
    f1 = auroc.get("F1", 0)
    shown = {
        "F1": "F1" in auroc,
        "families": auroc.get("families", f1) != f1,
        "known": auroc.get("known", 0) > f1,
        "composition": explains_half("composition", auroc),
        "4-mers": True,
        "all": True,
    }
    return [part for part in shown if shown[part]]


def explains_half(part: str, auroc: Mapping[str, float]) -> bool:
    """Whether the AUROC of a part is at least half-way from 0.5 to that of the model."""
    return auroc[part] - 0.5 >= (auroc["all"] - 0.5) / 2


def conclude(auroc: Mapping[str, float], error: Mapping[str, float]) -> str:
    """Compare one motif, all families and words, from AUROCs and standard errors by part.

    Of single motifs and of words the best is taken. Words or families count as better than one
    motif if the difference exceeds `MIN_STANDARD_ERRORS`, because words include pieces of it.
    """
    motif = max((part for part in MOTIF_PARTS if part in auroc), key=auroc.get, default=None)
    word = max(WORD_PARTS, key=auroc.get)
    rival = max((part for part in ("families", word) if part in auroc), key=auroc.get)
    if not any(explains_half(part, auroc) for part in (motif, rival) if part):
        return "neither motifs nor short words explain half of the score"
    is_gc = explains_half("composition", auroc)
    words = "base composition and short words" if is_gc else "short words"
    if not motif:
        return f"most of the score comes from {words}"
    lead = auroc[rival] - auroc[motif]
    one_explains = explains_half(motif, auroc)
    if one_explains and lead <= MIN_STANDARD_ERRORS * hypot(error[rival], error[motif]):
        if rival == word and lead > 0:
            return f"within the errors, one motif explains the score as well as {words}"
        return "most of the score comes from one motif"
    if rival == "families":
        return "several motifs together explain more of the score than one motif"
    if one_explains:
        return f"{words} explain more of the score than one motif"
    return f"most of the score comes from {words}, not from one motif"
