"""What sequences that come without a genome train, stop and test the network; nothing leaks.

Copies and reverse complements of a sequence have one key (`inputs.sequence_keys`).
"""

import numpy as np
import pandas as pd

from peaks2motifs.data.splits import SPLITS

KEPT = "kept"
TELLING = 0.6  # AUROC of lengths alone that is worth a line
DROPS = {
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
    """Give y, the split of each row (n,), "" where it is dropped, and "kept" or why it is not.

    table has the columns `part`, `key` and `bases` of an `inputs.Source`; y is (n,) or (n, T). With
    `may_merge`, copies within a part are one row with the labels (n, T) of all.
    """
    part, key = table["part"].to_numpy(object), table["key"].to_numpy()
    verdict = np.where(table["bases"] > 0, KEPT, "dropped_nothing_but_n").astype(object)
    if may_merge:
        y, is_again = merge_copies(part, key, y)
        verdict[is_again & (verdict == KEPT)] = "dropped_merged"
    kept = np.flatnonzero(verdict == KEPT)
    missing = {name: fractions[name] for name in SPLITS[1:] if name not in set(part)}
    drawn = divide_rows(part[kept], key[kept], rarest_class(y)[kept], missing, rng)
    verdict[kept[find_leaks(drawn, key[kept])]] = "dropped_in_another_split"
    split = np.full(len(y), "", object)
    split[kept] = drawn
    split[verdict != KEPT] = ""
    return y, split, verdict


def divide_rows(
    part: np.ndarray,
    key: np.ndarray,
    stratum: np.ndarray,
    fractions: dict[str, float],
    rng: np.random.Generator,
) -> np.ndarray:
    """Name the split of each row (n,): that of its file, `part`, or one drawn from training rows.

    Splits are drawn, in order, that have `fractions`: so much of the rows of every stratum, and at
    least one where there are enough. Rows of one key go together, and count as the first of them.
    """
    split = part.copy()
    rows = np.flatnonzero(part == "train")
    group, _ = pd.factorize(key[rows])
    first = np.unique(group, return_index=True)[1]
    split[rows] = _draw(stratum[rows][first], fractions, rng)[group]
    return split


def _draw(stratum: np.ndarray, fractions: dict[str, float], rng: np.random.Generator) -> np.ndarray:
    """Give each of n groups to a split, the same fractions of each stratum."""
    order = rng.permutation(len(stratum))
    order = order[np.argsort(stratum[order], kind="stable")]
    _, start, size = np.unique(stratum[order], return_index=True, return_counts=True)
    rank = np.arange(len(order)) - np.repeat(start, size)
    drawn = np.full(len(stratum), "train", dtype=object)
    taken = np.zeros(len(size), np.int64)
    for name, fraction in fractions.items():
        wanted = np.floor(fraction * size + 0.5).astype(np.int64)
        wanted = np.where(size > len(fractions), np.maximum(wanted, 1), wanted)
        wanted = np.clip(wanted, 0, size - taken - 1)  # one stays to train
        chosen = (rank >= np.repeat(taken, size)) & (rank < np.repeat(taken + wanted, size))
        drawn[order[chosen]] = name
        taken += wanted
    return drawn


def rarest_class(y: np.ndarray) -> np.ndarray:
    """The rarest class that each row belongs to (n,), -1 for rows of none; y itself when (n,)."""
    if y.ndim == 1:
        return y.astype(np.int64)
    by_count = np.argsort(y.sum(axis=0, dtype=np.int64), kind="stable")
    rarest = np.full(len(y), -1)
    for column in by_count[::-1]:
        rarest[y[:, column] == 1] = column
    return rarest


def find_leaks(split: np.ndarray, key: np.ndarray) -> np.ndarray:
    """Say which rows to drop (n,): of train those in valid or test, of valid those in test."""
    in_test = np.isin(key, key[split == "test"])
    in_valid = np.isin(key, key[split == "valid"])
    return ((split == "train") & (in_valid | in_test)) | ((split == "valid") & in_test)


def merge_copies(part: np.ndarray, key: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Join the labels (n, T) of one key's rows in a part: those labels, and who is no first row."""
    group = pd.DataFrame({"part": part, "key": key}).groupby(["part", "key"], sort=False)
    number = group.ngroup().to_numpy()
    joined = np.zeros_like(y, shape=(number.max(initial=-1) + 1, y.shape[1]))
    np.maximum.at(joined, number, y)
    return joined[number], group.cumcount().to_numpy() > 0


def count_copies(key: np.ndarray, y: np.ndarray, rows: np.ndarray) -> dict[str, int]:
    """Of `rows`, count those that repeat an earlier one, on either strand; and with other labels.

    key (n,) and y (n,) or (n, T) are of all rows.
    """
    group, _ = pd.factorize(key[rows])
    first = np.unique(group, return_index=True)[1][group]
    again = np.flatnonzero(first != np.arange(len(rows)))
    other = y[rows[again]] != y[rows[first[again]]]
    return {
        "copies": len(again),
        "copies_with_other_labels": int(other.any(axis=1).sum() if y.ndim == 2 else other.sum()),
    }


def length_tells(bases: np.ndarray, y: np.ndarray, rows: np.ndarray) -> float:
    """AUROC of the number of bases in windows (n,) for labels (n,) or (n, T): the most telling.

    Only `rows` count. Between 0.5 and 1, as the direction does not count; ties count one half.
    """
    rank = pd.Series(bases[rows]).rank().to_numpy()
    areas = [0.5]
    for column in y.reshape(len(y), -1).T if len(np.unique(rank)) > 1 else ():
        is_one = column[rows] == 1
        ones = int(is_one.sum())
        if 0 < ones < len(rows):
            above = rank[is_one].sum() - ones * (ones + 1) / 2
            areas.append(float(above / (ones * (len(rows) - ones))))
    return max(max(area, 1 - area) for area in areas)


def warn_of_lengths(bases: np.ndarray, y: np.ndarray, rows: np.ndarray) -> None:
    """Print a line when lengths alone tell labels apart: a network learns padding at once."""
    if (area := length_tells(bases, y, rows)) > TELLING:
        print(
            f"WARNING: the number of bases in a window tells classes apart with AUROC {area:.2f}; "
            "the network may learn that instead of motifs: set sequences.length to the shortest, "
            "or give sequences of equal lengths"
        )


def count_rows(
    verdict: np.ndarray, counts: dict[str, int], bases: int, length: int, classes: pd.DataFrame
) -> pd.DataFrame:
    """Tabulate `what count note`: sequences read, what befell them, what each split holds.

    `bases` counts those of the sequences kept that are not N; `classes` is `class_counts`.
    """
    notes = {
        "letters_u_read_as_t": "RNA",
        "letters_read_as_n": "IUPAC letters for several bases, and gaps",
        "padded": "shorter than the window: N on both sides",
        "cropped": "longer than the window: the middle is kept",
        "copies": "of an earlier sequence or its reverse complement; always in its split",
    }
    kept = int((verdict == KEPT).sum())
    n_bases = kept * length - bases
    share = f"{n_bases / max(1, kept * length):.4%} of the positions kept are rows of zeros"
    rows = [("sequences_read", len(verdict), "")]
    rows += [(what, count, notes.get(what, "")) for what, count in counts.items()]
    rows += [(what, int((verdict == what).sum()), note) for what, note in DROPS.items()]
    rows += [(KEPT, kept, f"windows of {length} bp"), ("bases_n", n_bases, share)]
    assert sum(count for what, count, _ in rows if what in (*DROPS, KEPT)) == len(verdict)
    rows += [
        (f"{split}_{name}", count, "sequences of this class")
        for split, name, count in classes[["split", "class", "count"]].itertuples(index=False)
    ]
    return pd.DataFrame(rows, columns=["what", "count", "note"])
