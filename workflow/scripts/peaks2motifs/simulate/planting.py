"""Random sequences, sites drawn from known profiles and planted in them, and the truth about both.

Every function draws from the generator it is given. Profiles are probabilities (width, 4); of
several motifs in a list, an entry is known by its place in it.
"""

import numpy as np
import pandas as pd

from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.sequences import decode, reverse_complement
from peaks2motifs.core.tables import BED6
from peaks2motifs.data.splits import SPLITS


def draw_bases(gc: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw independent bases, uint8 codes of the shape of `gc`, with these GC probabilities."""
    strong = rng.random(gc.shape, np.float32) < gc
    second = rng.integers(0, 2, gc.shape, np.uint8)
    return np.where(strong, 1 + second, 3 * second).astype(np.uint8)


def sample_sites(ppm: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Draw sites, codes (count, width), from probabilities (width, 4)."""
    limits = np.cumsum(ppm, axis=1)[:, :3]
    draws = rng.random((count, len(ppm), 1))
    return (draws > limits).sum(axis=2).astype(np.uint8)


def draw_strands(count: int, rng: np.random.Generator) -> np.ndarray:
    """Draw strands (count,), + and - equally likely."""
    return np.array(["+", "-"], dtype=object)[rng.integers(0, 2, count)]


def choose_entries(
    entries: int, per_sequence: int, count: int, in_order: bool, rng: np.random.Generator
) -> np.ndarray:
    """Draw `per_sequence` different entries of a list for each of `count` sequences.

    Returns (count, per_sequence): in the order of the list, or in any.
    """
    chosen = rng.permuted(np.tile(np.arange(entries), (count, 1)), axis=1)[:, :per_sequence]
    return np.sort(chosen, axis=1) if in_order else chosen


def place_sites(
    widths: np.ndarray,
    length: int,
    position: int | str,
    spacing: int | None,
    rng: np.random.Generator,
) -> np.ndarray:
    """Choose starts (n, k) of sites of these widths (n, k), from left to right, without overlap.

    `position` is the first site's start (from 0), "centre" for the sites and what lies between them
    in the middle (one base nearer the start where it cannot be exact) or "uniform". `spacing` is
    the number of bases between neighbours. None is 0, but with "uniform" it is whatever comes: then
    all arrangements are equally likely. Sites must fit (`check_room`).
    """
    if position == "uniform" and spacing is None:
        return draw_gaps_before(length - widths.sum(axis=1), widths.shape[1], rng) + before(widths)
    relative = before(widths + (spacing or 0))
    room = length - (relative[:, -1] + widths[:, -1])
    if position == "uniform":
        first = rng.integers(0, room + 1)
    else:
        first = room // 2 if position == "centre" else np.full(len(widths), position)
    return first[:, None] + relative


def before(widths: np.ndarray) -> np.ndarray:
    """Sum what stands before each column of a row: (n, k) -> (n, k)."""
    return np.cumsum(widths, axis=1) - widths


def draw_gaps_before(free: np.ndarray, sites: int, rng: np.random.Generator) -> np.ndarray:
    """Share out `free` bases (n,) round `sites` sites; return how many lie before each (n, sites).

    Every share is equally likely: it is a choice of `sites` among free + sites places, drawn by
    Floyd's algorithm for all rows at once.
    """
    chosen = np.full((len(free), sites), -1)
    for number in range(sites):
        highest = free + number
        drawn = rng.integers(0, highest + 1)
        taken = (chosen == drawn[:, None]).any(axis=1)
        chosen[:, number] = np.where(taken, highest, drawn)
    return np.sort(chosen, axis=1) - np.arange(sites)


def plant_sites(
    codes: np.ndarray,
    ppms: list[np.ndarray],
    entry: np.ndarray,
    starts: np.ndarray,
    strand: str,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Write a new site of ppms[entry] (n, k) into codes (n, length), in place, at starts (n, k).

    `strand` is +, - or both: either, equally likely. Returns the sites by sequence and start:
    `row start end entry strand`, start and end 0-based and half-open.
    """
    tables = []
    for number, ppm in enumerate(ppms):
        row, place = np.nonzero(entry == number)
        start = starts[row, place]
        strands = draw_strands(len(row), rng) if strand == "both" else np.full(len(row), strand)
        sites = sample_sites(ppm, len(row), rng)
        minus = (strands == "-")[:, None]
        columns = start[:, None] + np.arange(len(ppm))
        codes[row[:, None], columns] = np.where(minus, reverse_complement(sites), sites)
        table = {"row": row, "start": start, "end": start + len(ppm), "entry": number}
        tables.append(pd.DataFrame(table | {"strand": strands}))
    return pd.concat(tables).sort_values(["row", "start"], kind="stable", ignore_index=True)


def simulate_sequences(
    options: dict, ppms: list[np.ndarray], rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, pd.DataFrame]:
    """Draw sequences with sites and background without: codes of both, and the table of sites.

    `options` are those of `simulate.<name>` in verbs.schema.yaml, which explains them. All bases
    but those of sites are independent and of one GC content.
    """
    number, length, spacing = (options[key] for key in ("sequences", "length", "spacing"))
    codes, background = (
        draw_bases(np.full((rows, length), options["gc"], np.float32), rng)
        for rows in (number, options["background"])
    )
    per_sequence = sites_per_sequence(options, len(ppms))
    free_order = options["position"] == "uniform" and spacing is None
    entry = choose_entries(len(ppms), per_sequence, number, not free_order, rng)
    widths = np.array([len(ppm) for ppm in ppms])[entry]
    starts = place_sites(widths, length, options["position"], spacing, rng)
    return codes, background, plant_sites(codes, ppms, entry, starts, options["strand"], rng)


def sites_per_sequence(options: dict, entries: int) -> int:
    """How many sites each sequence gets: as many as the list has entries where all are asked."""
    asked = options["motifs_per_sequence"]
    return entries if asked == "all" else asked


def check_room(options: dict, widths: list[int], where: str) -> None:
    """Raise InputError, naming the key under `where`, for options that these motifs cannot meet.

    Those are a GC content outside 0 to 1, more sites than motifs, sites that together are longer
    than the sequence, and splits that leave none to train.
    """
    number, length = sites_per_sequence(options, len(widths)), options["length"]
    if not 0 <= options["gc"] <= 1:
        raise InputError(f"{where}.gc: {options['gc']}, expected a fraction from 0 to 1")
    if number > len(widths):
        raise InputError(
            f"{where}.motifs_per_sequence: {number}, expected at most {len(widths)}, the motifs "
            "listed (a name may be listed more than once)"
        )
    widest = sorted(widths, reverse=True)[:number]
    first = options["position"] if isinstance(options["position"], int) else 0
    needed = first + sum(widest) + (number - 1) * (options["spacing"] or 0)
    if needed > length:
        parts = [*[f"position {first}"] * bool(first), *(f"motif {width}" for width in widest)]
        parts += [f"spacing {number - 1} x {options['spacing']}"] * bool(options["spacing"])
        raise InputError(
            f"{where}.length: {length}, expected at least {needed}: {' + '.join(parts)}"
        )
    for key in ("sequences", "background"):
        held_out = sum(share(options[split], options[key]) for split in SPLITS[1:])
        if held_out >= options[key]:
            raise InputError(
                f"{where}: valid and test take {held_out} of {options[key]} {key}, none is left to "
                "train"
            )


def share(part: float, number: int) -> int:
    """How many of `number` a part means: below 1 it is a fraction, of which comes at least one."""
    return int(part) if part >= 1 else max(1, round(part * number))


def draw_splits(number: int, valid: float, test: float, rng: np.random.Generator) -> np.ndarray:
    """Name the split of each of `number` sequences of one class, in random order (n,)."""
    splits = np.repeat(SPLITS[0], number).astype(object)
    held_out = share(valid, number)
    splits[:held_out] = SPLITS[1]
    splits[held_out : held_out + share(test, number)] = SPLITS[2]
    return rng.permutation(splits)


def to_windows(
    names: list[list[str]], length: int, options: dict, rng: np.random.Generator
) -> dict[str, pd.DataFrame]:
    """Divide sequences, then background, by their names among the splits, in random order.

    Both are divided alike. Returns for each split the columns of `dataset.write_dataset` and `row`,
    the place in names[0] + names[1].
    """
    part = [draw_splits(len(own), options["valid"], options["test"], rng) for own in names]
    table = pd.DataFrame({"chrom": names[0] + names[1], "start": 0, "end": length})
    table["name"], table["strand"] = table["chrom"], "+"
    table["label"] = np.repeat([1, 0], [len(own) for own in names])
    table["row"], table["split"] = np.arange(len(table)), np.concatenate(part)
    table = table.iloc[rng.permutation(len(table))]
    return {s: table[table["split"] == s].reset_index(drop=True) for s in SPLITS}


def to_bed(sites: pd.DataFrame, names: list[str], motifs: list[str]) -> pd.DataFrame:
    """Turn `plant_sites`' table into BED6: sequence, start, end, motif, 0, strand."""
    chrom = np.array(names, dtype=object)[sites["row"]]
    motif = np.array(motifs, dtype=object)[sites["entry"]]
    return sites.assign(chrom=chrom, name=motif, score=0)[BED6]


def to_fasta(names: list[str], codes: np.ndarray) -> str:
    """Write sequences (n, length) as FASTA, each on one line."""
    return "".join(f">{name}\n{bases}\n" for name, bases in zip(names, decode(codes), strict=True))
