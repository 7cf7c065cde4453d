"""Division of the genome into regions for training, validation and test."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.limits import HELD_OUT, MIN_WINDOWS
from peaks2motifs.data.chromosomes import first_names, match_chromosomes

SPLITS = ("train", "valid", "test")
# Windows at the peaks of other experiments, in the same three parts of the genome.
OTHERS = tuple(f"others_{split}" for split in SPLITS)
RANDOM_ADVICE = "splits.strategy: random splits the genome into blocks instead"


def split_by_chromosome(
    peak_counts: pd.Series,
    valid: list[str] | str,
    test: list[str] | str,
    fraction: float = HELD_OUT,
) -> pd.Series:
    """Assign each whole chromosome to `train`, `valid` or `test`.

    peak_counts holds the number of peaks of each chromosome, by name, in genome order; the result
    has the same index. valid and test are lists of names (`4` and `chr4` match `chrIV`), or "auto":
    chromosomes that together hold about `fraction` of the peaks. Raises InputError if a name is
    unknown, a chromosome is named twice, a split has fewer than `MIN_WINDOWS` peaks, or an
    automatic choice would leave less than half of the peaks to train.
    """
    named = named_chromosomes(peak_counts.index, valid=valid, test=test)
    is_auto = len(named) < 2
    if is_auto and (peak_counts > 0).sum() < 3:
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
    check_sizes(peak_counts.groupby(split).sum(), is_auto)
    return split


def named_chromosomes(
    genome_names: Iterable[str], **choices: list[str] | str
) -> dict[str, list[str]]:
    """Return the genome's names for the chromosomes of each split that is not "auto".

    Raises InputError if a name is unknown or belongs to two splits.
    """
    named: dict[str, list[str]] = {}
    for split, names in choices.items():
        if names == "auto":
            continue
        names = [names] if isinstance(names, str | int) else names
        named[split] = [resolve_name(name, genome_names, f"splits.{split}") for name in names]
        for other in named.keys() - {split}:
            if shared := sorted(set(named[split]) & set(named[other])):
                raise InputError(
                    f"splits: {', '.join(shared)} is named in both {other} and {split}"
                )
    return named


def choose_chromosomes(peak_counts: pd.Series, target: float) -> list[str]:
    """Choose chromosomes that together hold about `target` peaks, the largest that fit first.

    The choice ends within 1/15 of the target, so that it does not collect many tiny scaffolds. It
    exceeds the target, by the smallest remaining chromosome, only if that comes closer. Ties are
    broken by genome order.
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
        excess = total + rest.iloc[-1] - target
        if not chosen or excess < target - total:
            chosen.append(rest.index[-1])
    return chosen


def resolve_name(name: str | int, genome_names: Iterable[str], key: str) -> str:
    """Return the genome's name for a chromosome named in the config, in any naming.

    `key` is the option that holds the name. Raises InputError if the genome has no such chromosome.
    """
    match = match_chromosomes([str(name)], genome_names, source=key).iloc[0]
    if match["rule"] == "unknown":
        raise InputError(
            f"{key}: the genome has no {name}; its first names: {first_names(genome_names, 5)}"
        )
    return match["genome_name"]


def chromosome_blocks(split: pd.Series, chrom_sizes: pd.Series) -> pd.DataFrame:
    """Tabulate whole chromosomes, `chrom start end split`, in genome order."""
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
    fractions: tuple[float, float] = (HELD_OUT, HELD_OUT),
    seed: int = 0,
) -> pd.DataFrame:
    """Cut the genome into blocks and assign them to splits at random: `chrom start end split`.

    Blocks hold about 1/60 of the peaks each. Borders lie midway between windows and cut none. In
    random order, blocks go to valid and test until these hold their `fractions` of the peaks. peaks
    are windows in genome order. Unlike chromosomes, neighbouring blocks share sequence context; a
    warning says so.
    """
    print(
        "WARNING: splits.strategy random puts neighbouring regions into train and test, so that "
        "test results are too optimistic; prefer whole chromosomes (splits.strategy: chromosomes)"
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
    # Blocks without peaks go to train, or a small split's background would mostly come from them.
    blocks.loc[order, "split"] = np.where(count > 0, label, "train")
    check_sizes(blocks.groupby("split")["peaks"].sum())
    return join_neighbours(blocks)


def cut_blocks(chrom: str, size: int, windows: pd.DataFrame, per_block: int) -> pd.DataFrame:
    """Cut one chromosome into blocks of about `per_block` windows: `chrom start end peaks`."""
    start, end = windows["start"].to_numpy(), np.maximum.accumulate(windows["end"].to_numpy())
    gap = np.flatnonzero(start[1:] > end[:-1])  # the last window of each cluster but the last
    border, n_before = (end[gap] + start[gap + 1]) // 2, gap + 1
    # One border per per_block windows, and no smaller block at the end.
    chosen = np.flatnonzero(np.diff(n_before // per_block, prepend=0) > 0)
    chosen = chosen[len(windows) - n_before[chosen] >= per_block]
    borders = np.concatenate([[0], border[chosen], [size]])
    return pd.DataFrame(
        {
            "chrom": chrom,
            "start": borders[:-1],
            "end": borders[1:],
            "peaks": np.diff(np.concatenate([[0], n_before[chosen], [len(windows)]])),
        }
    )


def join_neighbours(blocks: pd.DataFrame) -> pd.DataFrame:
    """Join adjacent blocks of the same split: `chrom start end split`."""
    is_first = (blocks[["chrom", "split"]] != blocks[["chrom", "split"]].shift()).any(axis=1)
    joined = blocks.groupby(is_first.cumsum()).agg(
        {"chrom": "first", "start": "first", "end": "last", "split": "first"}
    )
    return joined.reset_index(drop=True)


def check_sizes(peaks: pd.Series, is_auto: bool = False) -> None:
    """Raise InputError if a split holds fewer than `MIN_WINDOWS` peaks.

    An automatic choice must also leave half of the peaks to train.
    """
    if is_auto and 2 * peaks.get("train", 0) < peaks.sum():
        raise InputError(
            f"splits: 'auto' would leave {peaks.get('train', 0)} of {peaks.sum()} peaks to train, "
            f"the chromosomes are too few or too uneven; name them, or {RANDOM_ADVICE}"
        )
    for split in SPLITS:
        if peaks.get(split, 0) < MIN_WINDOWS:
            counts = ", ".join(f"{label} {peaks.get(label, 0)}" for label in SPLITS)
            raise InputError(
                f"splits: {split} would hold {peaks.get(split, 0)} peaks, expected at least "
                f"{MIN_WINDOWS} ({counts}); name other chromosomes, or {RANDOM_ADVICE}"
            )


def describe_splits(blocks: pd.DataFrame, peaks: pd.DataFrame) -> pd.DataFrame:
    """Count blocks and peaks of each split: `split blocks megabases peaks share`."""
    rank = {name: position for position, name in enumerate(blocks["chrom"].unique())}
    block_start, peak_start = (
        (table["chrom"].map(rank).to_numpy(np.int64) << 40) + table["start"].to_numpy()
        for table in (blocks, peaks)
    )
    row = np.searchsorted(block_start, peak_start, side="right") - 1
    n_peaks = pd.Series(blocks["split"].to_numpy()[row]).value_counts()
    size = (blocks["end"] - blocks["start"]).groupby(blocks["split"]).sum()
    table = pd.DataFrame({"blocks": blocks["split"].value_counts(), "megabases": size / 1e6})
    table["peaks"] = n_peaks
    table["share"] = n_peaks / len(peaks)
    return table.reindex(SPLITS).rename_axis("split").reset_index().round(3)
