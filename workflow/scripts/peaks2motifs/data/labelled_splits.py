"""Splits of labelled sequences without a genome; copies of a sequence stay in one split.

Copies and reverse complements of a sequence have the same key (`labelled_text.sequence_keys`).
"""

import numpy as np
import pandas as pd

from peaks2motifs.data.splits import SPLITS

KEPT = "kept"
WARN_AUROC = 0.6  # of lengths alone; above it a warning is printed
DROP_REASONS = {
    "dropped_nothing_but_n": "no base in the window",
    "dropped_merged": "multilabel: copies of a sequence are one, with the labels of all",
    "dropped_in_another_split": "copies and reverse complements of held-out sequences",
}


def judge_rows(
    table: pd.DataFrame,
    y: np.ndarray,
    fractions: dict[str, float],
    may_merge: bool,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return y, the split of each row (n,), "" if it is dropped, and "kept" or the reason.

    table has the columns `file_split`, `key` and `bases` of `LabelledSequences`; y is (n,) or
    (n, T). `may_merge` merges copies within a file's split into one row with the labels of all.
    """
    file_split, key = table["file_split"].to_numpy(object), table["key"].to_numpy()
    status = np.where(table["bases"] > 0, KEPT, "dropped_nothing_but_n").astype(object)
    if may_merge:
        y, is_copy = merge_copies(file_split, key, y)
        status[is_copy & (status == KEPT)] = "dropped_merged"
    kept = np.flatnonzero(status == KEPT)
    missing = {name: fractions[name] for name in SPLITS[1:] if name not in set(file_split)}
    drawn = draw_splits(file_split[kept], key[kept], rarest_class(y)[kept], missing, rng)
    status[kept[find_leaks(drawn, key[kept])]] = "dropped_in_another_split"
    split = np.full(len(y), "", object)
    split[kept] = drawn
    split[status != KEPT] = ""
    return y, split, status


def draw_splits(
    file_split: np.ndarray,
    key: np.ndarray,
    stratum: np.ndarray,
    fractions: dict[str, float],
    rng: np.random.Generator,
) -> np.ndarray:
    """Return the split of each row (n,): that of its file, or one drawn from the training rows.

    The splits in `fractions` are drawn in order: this fraction of the rows of each stratum (n,),
    and at least one row if there are enough. Rows of one key stay together and count once, in the
    stratum of the first.
    """
    split = file_split.copy()
    rows = np.flatnonzero(file_split == "train")
    group, _ = pd.factorize(key[rows])
    first = np.unique(group, return_index=True)[1]
    split[rows] = _draw_stratified(stratum[rows][first], fractions, rng)[group]
    return split


def _draw_stratified(
    stratum: np.ndarray, fractions: dict[str, float], rng: np.random.Generator
) -> np.ndarray:
    """Assign n groups to splits at random, with the same fractions of each stratum."""
    order = rng.permutation(len(stratum))
    order = order[np.argsort(stratum[order], kind="stable")]
    _, start, size = np.unique(stratum[order], return_index=True, return_counts=True)
    rank = np.arange(len(order)) - np.repeat(start, size)
    drawn = np.full(len(stratum), "train", dtype=object)
    assigned = np.zeros(len(size), np.int64)
    for name, fraction in fractions.items():
        number = np.floor(fraction * size + 0.5).astype(np.int64)
        number = np.where(size > len(fractions), np.maximum(number, 1), number)
        number = np.clip(number, 0, size - assigned - 1)  # at least one remains for training
        is_drawn = (rank >= np.repeat(assigned, size)) & (rank < np.repeat(assigned + number, size))
        drawn[order[is_drawn]] = name
        assigned += number
    return drawn


def rarest_class(y: np.ndarray) -> np.ndarray:
    """Return the rarest class (n,) of each row, -1 for rows without one; y itself if it is (n,)."""
    if y.ndim == 1:
        return y.astype(np.int64)
    by_count = np.argsort(y.sum(axis=0, dtype=np.int64), kind="stable")
    rarest = np.full(len(y), -1)
    for column in by_count[::-1]:
        rarest[y[:, column] == 1] = column
    return rarest


def find_leaks(split: np.ndarray, key: np.ndarray) -> np.ndarray:
    """Return which rows (n,) to drop: train rows also in valid or test, valid rows also in test."""
    in_test = np.isin(key, key[split == "test"])
    in_valid = np.isin(key, key[split == "valid"])
    return ((split == "train") & (in_valid | in_test)) | ((split == "valid") & in_test)


def merge_copies(
    file_split: np.ndarray, key: np.ndarray, y: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Merge the labels (n, T) of rows with one key in a file's split.

    Returns the merged labels of each row (n, T), and which rows (n,) repeat an earlier one.
    """
    rows = pd.DataFrame({"file_split": file_split, "key": key})
    groups = rows.groupby(["file_split", "key"], sort=False)
    number = groups.ngroup().to_numpy()
    merged = np.zeros_like(y, shape=(number.max(initial=-1) + 1, y.shape[1]))
    np.maximum.at(merged, number, y)
    return merged[number], groups.cumcount().to_numpy() > 0


def count_copies(key: np.ndarray, y: np.ndarray, rows: np.ndarray) -> dict[str, int]:
    """Count the `rows` that repeat an earlier one on either strand, and those with other labels.

    key (n,) and y (n,) or (n, T) are of all rows.
    """
    group, _ = pd.factorize(key[rows])
    first = np.unique(group, return_index=True)[1][group]
    copies = np.flatnonzero(first != np.arange(len(rows)))
    differs = y[rows[copies]] != y[rows[first[copies]]]
    differs = differs.any(axis=1) if y.ndim == 2 else differs
    return {"copies": len(copies), "copies_with_other_labels": int(differs.sum())}


def length_auroc(bases: np.ndarray, y: np.ndarray, rows: np.ndarray) -> float:
    """Return how well the number of bases (n,) predicts labels (n,) or (n, T): the highest AUROC.

    Only `rows` count. The AUROC is at least 0.5, since the direction does not matter; ties count
    half. Ranks are computed once for all classes, as there may be many.
    """
    rank = pd.Series(bases[rows]).rank().to_numpy()
    areas = [0.5]
    for column in y.reshape(len(y), -1).T if len(np.unique(rank)) > 1 else ():
        is_one = column[rows] == 1
        n_ones = int(is_one.sum())
        if 0 < n_ones < len(rows):
            n_above = rank[is_one].sum() - n_ones * (n_ones + 1) / 2
            areas.append(float(n_above / (n_ones * (len(rows) - n_ones))))
    return max(max(area, 1 - area) for area in areas)


def warn_of_lengths(bases: np.ndarray, y: np.ndarray, rows: np.ndarray) -> None:
    """Warn if lengths alone predict labels, since a network easily learns padding."""
    if (area := length_auroc(bases, y, rows)) > WARN_AUROC:
        print(
            f"WARNING: the number of bases in a window predicts classes with AUROC {area:.2f}; "
            "the network may learn that instead of motifs: set sequences.length to the shortest, "
            "or give sequences of equal lengths"
        )


def count_rows(
    status: np.ndarray, counts: dict[str, int], bases: int, length: int, classes: pd.DataFrame
) -> pd.DataFrame:
    """Tabulate `what count note`: sequences read, changed, dropped and kept, and split sizes.

    `counts` are those of reading and of copies. `bases` is the number of bases other than N in the
    windows kept; `classes` is the table of `class_counts`.
    """
    notes = {
        "letters_u_read_as_t": "RNA",
        "letters_read_as_n": "IUPAC letters for several bases, and gaps",
        "padded": "shorter than the window: N on both sides",
        "cropped": "longer than the window: the middle is kept",
        "copies": "of an earlier sequence or its reverse complement; always in its split",
    }
    kept = int((status == KEPT).sum())
    n_bases = kept * length - bases
    share = f"{n_bases / max(1, kept * length):.4%} of the positions kept are rows of zeros"
    rows = [("sequences_read", len(status), "")]
    rows += [(what, count, notes.get(what, "")) for what, count in counts.items()]
    rows += [(what, int((status == what).sum()), note) for what, note in DROP_REASONS.items()]
    rows += [(KEPT, kept, f"windows of {length} bp"), ("bases_n", n_bases, share)]
    assert sum(count for what, count, _ in rows if what in (*DROP_REASONS, KEPT)) == len(status)
    rows += [
        (f"{split}_{name}", count, "sequences of this class")
        for split, name, count in classes[["split", "class", "count"]].itertuples(index=False)
    ]
    return pd.DataFrame(rows, columns=["what", "count", "note"])
