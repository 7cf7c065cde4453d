"""What the score of a model rests on: the test AUROCs of simpler scores beside that of the model.

They show how well words of DNA or single motifs separate the same windows without any network.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from peaks2motifs.core.sequences import N_CODE
from peaks2motifs.core.statistics import auroc_and_error
from peaks2motifs.model.kmers import fit_logistic
from peaks2motifs.motifs.motif import Motif, base_frequencies
from peaks2motifs.motifs.motif_scan import best_matches, log_odds

WORDS = {"composition": 1, "dinucleotides": 2, "4-mers": 4}  # the length of their words
_DECIMALS = 6  # of logits, so that rounding errors break no tie


def word_frequencies(codes: np.ndarray, length: int) -> np.ndarray:
    """Return the frequencies (n, words) of all words of `length` bases in windows (n, L).

    A word is counted together with its reverse complement. Words with an unknown base do not count.
    """
    total, powers = 4**length, 4 ** np.arange(length)[::-1]
    spans = np.lib.stride_tricks.sliding_window_view(codes, length, axis=1)
    words = np.where((spans < N_CODE).all(axis=2), spans @ powers, total)
    words += (total + 1) * np.arange(len(codes))[:, None]
    counts = np.bincount(words.ravel(), minlength=len(codes) * (total + 1))
    counts = counts.reshape(len(codes), total + 1)[:, :total]
    bases = np.arange(total)[:, None] // powers % 4
    reverse_complement = (3 - bases)[:, ::-1] @ powers
    is_first = np.arange(total) <= reverse_complement
    counts = (counts + counts[:, reverse_complement])[:, is_first]
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


def fit_and_score(features: np.ndarray, label: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Fit a logistic regression to windows, and score others: logits (m,) without the intercept.

    `features` (n, F) and label (n,) are of the training windows, `others` (m, F) of the windows to
    score. Features are standardised and both classes have the same total weight. The L2 penalty is
    F, so that the expected size of a logit does not depend on the number of features: a priori its
    standard deviation is 1.
    """
    mean, deviation = features.mean(axis=0), features.std(axis=0) + 1e-6
    standardised = csr_matrix(((features - mean) / deviation).astype(np.float32))
    weights = len(label) / 2 / np.bincount(label, minlength=2)[label]
    slopes = fit_logistic(standardised, label, weights, penalty=features.shape[1])[:-1]
    return np.round((others - mean) / deviation @ slopes, _DECIMALS)


def score_words(train: np.ndarray, label: np.ndarray, test: np.ndarray) -> dict[str, np.ndarray]:
    """Score test windows (m, L) by the frequencies of bases and words: logits (m,) by part.

    The regressions are fitted to training windows (n, L) and their labels (n,).
    """
    return {
        part: fit_and_score(word_frequencies(train, length), label, word_frequencies(test, length))
        for part, length in WORDS.items()
    }


def score_families(
    motifs: list[Motif],
    supported: np.ndarray,
    train: np.ndarray,
    label: np.ndarray,
    test: np.ndarray,
) -> dict[str, np.ndarray]:
    """Score test windows (m, L) by the motifs of K families: scores (m,) by part.

    `F1` is the best log-odds score of the first family, in bits over the bases of the training
    background. `families` is the logit of a regression on the best scores of all families that are
    `supported` (K,), fitted to training windows (n, L) and their labels (n,). A part without a
    family is left out.
    """
    scores = log_odds(motifs, base_frequencies(train[label == 0]))
    parts = {"F1": best_matches(test, scores[:1]).score[:, 0]} if motifs else {}
    if supported.any():
        chosen = [scores[family] for family in np.flatnonzero(supported)]
        in_train, in_test = (best_matches(codes, chosen).score for codes in (train, test))
        parts["families"] = fit_and_score(in_train, label, in_test)
    return parts


def judge_parts(scores: Mapping[str, np.ndarray], label: np.ndarray) -> pd.DataFrame:
    """Tabulate part, auroc and auroc_se (DeLong) of scores (m,) by part, for labels (m,)."""
    auroc, error = auroc_and_error(np.stack(list(scores.values()), axis=1), label)
    return pd.DataFrame({"part": list(scores), "auroc": auroc, "auroc_se": error})


def best_known(known: pd.DataFrame) -> pd.DataFrame:
    """Choose from a known.tsv the parts `known`, the best profile, and `own`, the factor's own.

    The profiles with the highest `train_auroc` are chosen; `own` (0 or 1) marks those of the
    factor. A part without a profile is left out.
    """
    ranked = known.sort_values("train_auroc", ascending=False, kind="stable")
    best, own = ranked[:1], ranked[ranked["own"] == 1][:1]
    rows = pd.concat([best.assign(part="known"), own.assign(part="own")])
    return rows[["part", "auroc", "auroc_se"]]
