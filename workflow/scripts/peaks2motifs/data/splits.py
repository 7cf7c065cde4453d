"""Which stretches of the genome a model learns from, is stopped by, and is judged on."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.limits import MIN_WINDOWS
from peaks2motifs.data.chromosomes import first_names, match_chromosomes

SPLITS = ("train", "valid", "test")
RANDOM_ADVICE = "splits.strategy: random takes blocks of chromosomes instead"


def split_by_chromosome(
    peak_counts: pd.Series,
    valid: list[str] | str,
    test: list[str] | str,
    fraction: float = 0.15,
) -> pd.Series:
    """Give each whole chromosome to `train`, `valid` or `test`.

    peak_counts holds the peaks of every chromosome of the genome, by name, in genome order; the
    result has the same index. valid and test are lists of names (`4` and `chr4` for `chrIV` will
    do) or "auto": chromosomes that together hold about `fraction` of the peaks. Raises InputError
    when a name is unknown, one chromosome is named twice, a split has fewer than `MIN_WINDOWS`
    peaks, or an automatic choice would leave training with less than half of the peaks.
    """
    named = named_chromosomes(peak_counts.index, valid=valid, test=test)
    if len(named) < 2 and (peak_counts > 0).sum() < 3:
        raise InputError(
            f"splits: only {(peak_counts > 0).sum()} chromosomes have peaks, 'auto' needs 3; "
            + RANDOM_ADVICE
        )
    split = pd.Series("train", index=peak_counts.index)
    for label, names in named.items():
        split[names] = label
    target = fraction * peak_counts.sum()
    for label in ("test", "valid"):
        if label not in named:
            split[choose_chromosomes(peak_counts[split == "train"], target)] = label
    peaks = peak_counts.groupby(split).sum()
    if len(named) < 2 and 2 * peaks.get("train", 0) < peaks.sum():
        raise InputError(
            f"splits: 'auto' would leave {peaks.get('train', 0)} of {peaks.sum()} peaks to train, "
            f"the chromosomes are too few or too uneven; name them, or {RANDOM_ADVICE}"
        )
    check_sizes(peaks)
    return split


def named_chromosomes(
    genome_names: Iterable[str], **choices: list[str] | str
) -> dict[str, list[str]]:
    """The genome's names for the chromosomes of each split that is not "auto"; none twice."""
    named: dict[str, list[str]] = {}
    for split, names in choices.items():
        if names == "auto":
            continue
        names = [names] if isinstance(names, str | int) else names
        named[split] = [resolve_name(name, genome_names, f"splits.{split}") for name in names]
        for other in named.keys() - {split}:
            if both := sorted(set(named[split]) & set(named[other])):
                raise InputError(f"splits: {', '.join(both)} is named in both {other} and {split}")
    return named


def choose_chromosomes(peak_counts: pd.Series, target: float) -> list[str]:
    """Choose chromosomes that together hold about `target` peaks, the largest that fit first.

    Stops within 1/15 of the target, so that no tail of tiny scaffolds is gathered; goes past it,
    by the smallest chromosome left, only when that comes nearer. Ties go by genome order.
    """
    by_size = peak_counts[peak_counts > 0].sort_values(ascending=False, kind="stable")
    enough = target - target / 15
    chosen: list[str] = []
    total = 0
    for name, count in by_size.items():
        if total < enough and total + count <= target:
            chosen.append(name)
            total += count
    rest = by_size.drop(chosen)
    if len(rest) and total < enough:
        past = total + rest.iloc[-1] - target
        if not chosen or past < target - total:
            chosen.append(rest.index[-1])
    return chosen


def resolve_name(name: str | int, genome_names: Iterable[str], key: str) -> str:
    """Turn a chromosome's name in the config, in the genome's naming or another, into the genome's.

    `key` is the option that holds the name, for the message.
    """
    match = match_chromosomes([str(name)], genome_names, source=key).iloc[0]
    if match["rule"] == "unknown":
        raise InputError(
            f"{key}: the genome has no {name}; its first names: {first_names(genome_names, 5)}"
        )
    return match["genome_name"]


def chromosome_blocks(split: pd.Series, chrom_sizes: pd.Series) -> pd.DataFrame:
    """Whole chromosomes as rows `chrom start end split`, in genome order."""
    return pd.DataFrame(
        {
            "chrom": chrom_sizes.index,
            "start": 0,
            "end": chrom_sizes.to_numpy(),
            "split": split[chrom_sizes.index].to_numpy(),
        }
    )


def split_random_blocks(
    peaks: pd.DataFrame,
    chrom_sizes: pd.Series,
    fractions: tuple[float, float] = (0.15, 0.15),
    seed: int = 0,
) -> pd.DataFrame:
    """Cut the genome into blocks and give them to the splits at random: `chrom start end split`.

    Blocks end in the middle between windows, so that no border cuts one; each holds about a
    sixtieth of the peaks. In random order, blocks go to valid and test until these hold their
    `fractions` of the peaks. peaks are windows sorted by genome order. Neighbouring blocks share
    sequence context, which whole chromosomes do not: a warning says so.
    """
    print(
        "WARNING: splits.strategy random puts neighbouring regions into train and test, which "
        "flatters the model; whole chromosomes (splits.strategy: chromosomes) are better"
    )
    per_block = max(1, len(peaks) // 60)
    by_chrom = {name: table for name, table in peaks.groupby("chrom", sort=False)}
    blocks = pd.concat(
        [
            cut_blocks(name, size, by_chrom.get(name, peaks.iloc[:0]), per_block)
            for name, size in chrom_sizes.items()
        ],
        ignore_index=True,
    )
    order = np.random.default_rng([seed, 15]).permutation(len(blocks))
    count = blocks["peaks"].to_numpy()[order]
    middle = (np.cumsum(count) - count / 2) / max(1, count.sum())
    label = np.select([middle < fractions[0], middle < sum(fractions)], ["valid", "test"], "train")
    # Blocks without peaks train: their windows then cannot thin out a small split's background.
    blocks.loc[order, "split"] = np.where(count > 0, label, "train")
    check_sizes(blocks.groupby("split")["peaks"].sum())
    return join_neighbours(blocks)


def cut_blocks(chrom: str, size: int, windows: pd.DataFrame, per_block: int) -> pd.DataFrame:
    """Cut one chromosome into blocks of about `per_block` windows: `chrom start end peaks`."""
    start, end = windows["start"].to_numpy(), np.maximum.accumulate(windows["end"].to_numpy())
    gap = np.flatnonzero(start[1:] > end[:-1])  # the last window of each cluster but the last
    border, held = (end[gap] + start[gap + 1]) // 2, gap + 1
    # One border for each per_block windows passed, and no block of fewer at the end.
    turn = np.flatnonzero(np.diff(held // per_block, prepend=0) > 0)
    turn = turn[len(windows) - held[turn] >= per_block]
    borders = np.concatenate([[0], border[turn], [size]])
    return pd.DataFrame(
        {
            "chrom": chrom,
            "start": borders[:-1],
            "end": borders[1:],
            "peaks": np.diff(np.concatenate([[0], held[turn], [len(windows)]])),
        }
    )


def join_neighbours(blocks: pd.DataFrame) -> pd.DataFrame:
    """Join blocks that touch and belong to one split; `chrom start end split`."""
    new = (blocks[["chrom", "split"]] != blocks[["chrom", "split"]].shift()).any(axis=1)
    joined = blocks.groupby(new.cumsum()).agg(
        {"chrom": "first", "start": "first", "end": "last", "split": "first"}
    )
    return joined.reset_index(drop=True)


def check_sizes(peaks: pd.Series) -> None:
    """Raise InputError when a split holds fewer than `MIN_WINDOWS` peaks."""
    for split in SPLITS:
        if peaks.get(split, 0) < MIN_WINDOWS:
            found = ", ".join(f"{label} {peaks.get(label, 0)}" for label in SPLITS)
            raise InputError(
                f"splits: {split} would hold {peaks.get(split, 0)} peaks, expected at least "
                f"{MIN_WINDOWS} ({found}); name other chromosomes, or {RANDOM_ADVICE}"
            )


def describe_splits(blocks: pd.DataFrame, peaks: pd.DataFrame) -> pd.DataFrame:
    """Count what each split holds: `split blocks megabases peaks share`."""
    rank = {name: position for position, name in enumerate(blocks["chrom"].unique())}
    place = blocks["chrom"].map(rank).to_numpy(np.int64) << 40
    at = (peaks["chrom"].map(rank).to_numpy(np.int64) << 40) + peaks["start"].to_numpy()
    row = np.searchsorted(place + blocks["start"].to_numpy(), at, side="right") - 1
    held = pd.Series(blocks["split"].to_numpy()[row]).value_counts()
    size = (blocks["end"] - blocks["start"]).groupby(blocks["split"]).sum()
    table = pd.DataFrame({"blocks": blocks["split"].value_counts(), "megabases": size / 1e6})
    table["peaks"] = held
    table["share"] = held / len(peaks)
    return table.reindex(SPLITS).rename_axis("split").reset_index().round(3)
