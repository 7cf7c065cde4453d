"""Random sequences with planted sites of known motifs, and the table of these sites.

Functions draw from the generator that they are given. Motifs are probabilities (width, 4); those
of a list are identified by their index.
"""

import numpy as np
import pandas as pd

from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.sequences import decode, reverse_complement
from peaks2motifs.core.tables import BED6
from peaks2motifs.data.splits import SPLITS


def draw_bases(gc: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw independent bases with GC probabilities `gc`: uint8 codes of the same shape."""
    is_gc = rng.random(gc.shape, np.float32) < gc
    second = rng.integers(0, 2, gc.shape, np.uint8)  # of the pair C, G or A, T
    return np.where(is_gc, 1 + second, 3 * second).astype(np.uint8)


def sample_sites(ppm: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Draw sites, codes (count, width), from probabilities (width, 4)."""
    cumulative = np.cumsum(ppm, axis=1)[:, :3]
    draws = rng.random((count, len(ppm), 1))
    return (draws > cumulative).sum(axis=2).astype(np.uint8)


def draw_strands(count: int, rng: np.random.Generator) -> np.ndarray:
    """Draw strands (count,), + and - equally likely."""
    return np.array(["+", "-"], dtype=object)[rng.integers(0, 2, count)]


def choose_motifs(
    motifs: int, per_sequence: int, count: int, in_order: bool, rng: np.random.Generator
) -> np.ndarray:
    """Draw `per_sequence` different motifs of a list for each of `count` sequences.

    Returns indices (count, per_sequence), in the order of the list or in random order.
    """
    chosen = rng.permuted(np.tile(np.arange(motifs), (count, 1)), axis=1)[:, :per_sequence]
    return np.sort(chosen, axis=1) if in_order else chosen


def place_sites(
    widths: np.ndarray,
    length: int,
    position: int | str,
    spacing: int | None,
    rng: np.random.Generator,
) -> np.ndarray:
    """Choose starts (n, k) of sites of these widths (n, k), from left to right, without overlap.

    `position` is the start of the first site (from 0), "centre" or "uniform". Centred sites,
    including the bases between them, are in the middle, or half a base before it. `spacing` is the
    number of bases between neighbours; None means 0, or random gaps if the position is "uniform":
    all arrangements are then equally likely. Sites must fit (see `check_options`).
    """
    if position == "uniform" and spacing is None:
        gaps = draw_gaps_before(length - widths.sum(axis=1), widths.shape[1], rng)
        return gaps + sum_before(widths)
    relative = sum_before(widths + (spacing or 0))
    room = length - (relative[:, -1] + widths[:, -1])
    if position == "uniform":
        first = rng.integers(0, room + 1)
    else:
        first = room // 2 if position == "centre" else np.full(len(widths), position)
    return first[:, None] + relative


def sum_before(widths: np.ndarray) -> np.ndarray:
    """Sum the columns before each column: (n, k) -> (n, k)."""
    return np.cumsum(widths, axis=1) - widths


def draw_gaps_before(free: np.ndarray, sites: int, rng: np.random.Generator) -> np.ndarray:
    """Distribute `free` bases (n,) round the sites; return how many precede each (n, sites).

    All distributions are equally likely. Each is a choice of `sites` among free + sites positions,
    drawn by Floyd's algorithm for all rows at once.
    """
    chosen = np.full((len(free), sites), -1)
    for number in range(sites):
        highest = free + number
        drawn = rng.integers(0, highest + 1)
        is_repeat = (chosen == drawn[:, None]).any(axis=1)
        chosen[:, number] = np.where(is_repeat, highest, drawn)
    return np.sort(chosen, axis=1) - np.arange(sites)


def plant_sites(
    codes: np.ndarray,
    ppms: list[np.ndarray],
    motif: np.ndarray,
    starts: np.ndarray,
    strand: str,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Write a new site of ppms[motif] (n, k) into codes (n, length), in place, at starts (n, k).

    `strand` is +, - or both, then equally likely. Returns the sites sorted by sequence and start:
    `row start end motif strand`, 0-based and half-open.
    """
    tables = []
    for number, ppm in enumerate(ppms):
        row, column = np.nonzero(motif == number)
        start = starts[row, column]
        strands = draw_strands(len(row), rng) if strand == "both" else np.full(len(row), strand)
        sites = sample_sites(ppm, len(row), rng)
        minus = (strands == "-")[:, None]
        positions = start[:, None] + np.arange(len(ppm))
        codes[row[:, None], positions] = np.where(minus, reverse_complement(sites), sites)
        table = {"row": row, "start": start, "end": start + len(ppm), "motif": number}
        tables.append(pd.DataFrame(table | {"strand": strands}))
    return pd.concat(tables).sort_values(["row", "start"], kind="stable", ignore_index=True)


def simulate_sequences(
    options: dict, ppms: list[np.ndarray], rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, pd.DataFrame]:
    """Draw sequences with sites, and background without: codes of both, and the table of sites.

    `options` are those of `simulate.<name>`, documented in verbs.schema.yaml. All bases outside of
    sites are independent, with one GC content.
    """
    number, length, spacing = (options[key] for key in ("sequences", "length", "spacing"))
    codes, background = (
        draw_bases(np.full((rows, length), options["gc"], np.float32), rng)
        for rows in (number, options["background"])
    )
    per_sequence = sites_per_sequence(options, len(ppms))
    is_random_order = options["position"] == "uniform" and spacing is None
    motif = choose_motifs(len(ppms), per_sequence, number, not is_random_order, rng)
    widths = np.array([len(ppm) for ppm in ppms])[motif]
    starts = place_sites(widths, length, options["position"], spacing, rng)
    return codes, background, plant_sites(codes, ppms, motif, starts, options["strand"], rng)


def sites_per_sequence(options: dict, motifs: int) -> int:
    """Return the number of sites per sequence; `all` means all listed motifs."""
    number = options["motifs_per_sequence"]
    return motifs if number == "all" else number


def check_options(options: dict, widths: list[int], section: str) -> None:
    """Raise InputError, naming a key of `section`, if options do not fit motifs of these widths.

    Refused are a GC content outside 0 to 1, more sites than motifs, sites longer than the sequence,
    and splits that leave nothing to train.
    """
    number = sites_per_sequence(options, len(widths))
    if not 0 <= options["gc"] <= 1:
        raise InputError(f"{section}.gc: {options['gc']}, expected a fraction from 0 to 1")
    if number > len(widths):
        raise InputError(
            f"{section}.motifs_per_sequence: {number}, expected at most {len(widths)}, the motifs "
            "listed (a name may be listed more than once)"
        )
    check_length(options, widths, number, section)
    for key in ("sequences", "background"):
        held_out = sum(count_of(options[split], options[key]) for split in SPLITS[1:])
        if held_out >= options[key]:
            raise InputError(
                f"{section}: valid and test take {held_out} of {options[key]} {key}, none is left "
                "to train"
            )


def check_length(options: dict, widths: list[int], number: int, section: str) -> None:
    """Raise InputError if the widest `number` sites are longer than the sequence."""
    widest = sorted(widths, reverse=True)[:number]
    first = options["position"] if isinstance(options["position"], int) else 0
    needed = first + sum(widest) + (number - 1) * (options["spacing"] or 0)
    if needed > options["length"]:
        terms = [*[f"position {first}"] * bool(first), *(f"motif {width}" for width in widest)]
        terms += [f"spacing {number - 1} x {options['spacing']}"] * bool(options["spacing"])
        raise InputError(
            f"{section}.length: {options['length']}, expected at least {needed}: "
            + " + ".join(terms)
        )


def count_of(size: float, number: int) -> int:
    """Return a number of sequences: `size` itself, or this fraction of `number`, at least one."""
    return int(size) if size >= 1 else max(1, round(size * number))


def draw_splits(number: int, valid: float, test: float, rng: np.random.Generator) -> np.ndarray:
    """Draw the splits (n,) of `number` sequences of one class."""
    splits = np.repeat(SPLITS[0], number).astype(object)
    n_valid, n_test = count_of(valid, number), count_of(test, number)
    splits[:n_valid] = SPLITS[1]
    splits[n_valid : n_valid + n_test] = SPLITS[2]
    return rng.permutation(splits)


def to_windows(
    names: list[list[str]], length: int, options: dict, rng: np.random.Generator
) -> dict[str, pd.DataFrame]:
    """Divide sequences names[0] and background names[1] among the splits, in random order.

    Each class is divided alike. Returns for each split the columns of `dataset.write_dataset`, and
    `row`, the index in names[0] + names[1].
    """
    split = [draw_splits(len(group), options["valid"], options["test"], rng) for group in names]
    table = pd.DataFrame({"chrom": names[0] + names[1], "start": 0, "end": length})
    table["name"], table["strand"] = table["chrom"], "+"
    table["label"] = np.repeat([1, 0], [len(group) for group in names])
    table["row"], table["split"] = np.arange(len(table)), np.concatenate(split)
    table = table.iloc[rng.permutation(len(table))]
    return {s: table[table["split"] == s].reset_index(drop=True) for s in SPLITS}


def to_bed(sites: pd.DataFrame, names: list[str], motifs: list[str]) -> pd.DataFrame:
    """Turn `plant_sites`' table into BED6: sequence, start, end, motif, 0, strand."""
    chrom = np.array(names, dtype=object)[sites["row"]]
    motif = np.array(motifs, dtype=object)[sites["motif"]]
    return sites.assign(chrom=chrom, name=motif, score=0)[BED6]


def to_fasta(names: list[str], codes: np.ndarray) -> str:
    """Write sequences (n, length) as FASTA, each on one line."""
    return "".join(f">{name}\n{bases}\n" for name, bases in zip(names, decode(codes), strict=True))
