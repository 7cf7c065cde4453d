"""A small genome without motifs: isochores, repeats, low complexity and gaps.

All chromosomes form one array of base codes (see `core/sequences`). Positions are 0-based in that
array until `to_coordinates` converts them. Functions draw from the generator that they are given,
so that a seed determines the genome. resources/demo/recipe.yaml explains the values of a recipe and
their units.
"""

import numpy as np

from peaks2motifs.core.sequences import N_CODE, decode, reverse_complement
from peaks2motifs.simulate.planting import draw_bases

LOW_COMPLEXITY_UNITS = np.array([[1, 0], [3, 2], [0, 0], [3, 3]], np.uint8)  # CA, TG, AA, TT


def interval_positions(
    starts: np.ndarray, lengths: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """List all positions of intervals (n,) in order: position, interval number, offset in it."""
    interval = np.repeat(np.arange(len(starts)), lengths)
    offset = np.arange(len(interval)) - (np.cumsum(lengths) - lengths)[interval]
    return starts[interval] + offset, interval, offset


def overlaps_mask(mask: np.ndarray, starts: np.ndarray, width: int) -> np.ndarray:
    """Return which windows [start, start + width), of any shape, hold a True of `mask`."""
    n_before = np.concatenate([[0], np.cumsum(mask)])
    return n_before[starts + width] > n_before[starts]


def tile_starts(chromosomes: dict[str, int], width: int) -> np.ndarray:
    """Return the starts of adjacent windows that tile each chromosome from its first base on."""
    lengths = np.array(list(chromosomes.values()))
    counts = lengths // width
    _, chromosome, offset = interval_positions(np.zeros_like(counts), counts)
    return (np.cumsum(lengths) - lengths)[chromosome] + offset * width


def to_coordinates(
    chromosomes: dict[str, int], positions: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Convert positions (n,) into chromosome names and 0-based positions on them."""
    ends = np.cumsum(list(chromosomes.values()))
    index = np.searchsorted(ends, positions, side="right")
    first = ends - list(chromosomes.values())
    return np.array(list(chromosomes), dtype=object)[index], positions - first[index]


def draw_isochores(length: int, recipe: dict, rng: np.random.Generator) -> np.ndarray:
    """Draw the GC fraction of each base, float32 (length,): constant within an isochore."""
    shortest, longest = recipe["isochore_length"]
    sizes = rng.integers(shortest, longest + 1, length // shortest + 1)
    gc = rng.uniform(*recipe["isochore_gc"], len(sizes)).astype(np.float32)
    return np.repeat(gc, sizes)[:length]


def draw_low_complexity(
    length: int, recipe: dict, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw (CA)n, (TG)n, poly-A and poly-T tracts: positions and codes."""
    shortest, longest = recipe["low_complexity_length"]
    count = round(length / 1000 * recipe["low_complexity_per_kb"])
    starts = rng.integers(0, length - longest, count)
    sizes = rng.integers(shortest, longest + 1, count)
    kinds = rng.integers(0, len(LOW_COMPLEXITY_UNITS), count)
    positions, tract, offset = interval_positions(starts, sizes)
    return positions, LOW_COMPLEXITY_UNITS[kinds[tract], offset % 2]


def draw_interspersed(
    length: int, recipe: dict, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw mutated copies of one random consensus: positions and codes."""
    size = recipe["interspersed_length"]
    count = round(length / 1000 * recipe["interspersed_per_kb"])
    consensus = rng.integers(0, 4, size, np.uint8)
    copies = np.where(
        rng.integers(0, 2, (count, 1)) == 1, reverse_complement(consensus), consensus
    ).astype(np.uint8)
    mutated = rng.random(copies.shape) < recipe["interspersed_divergence"]
    copies[mutated] = rng.integers(0, 4, mutated.sum(), np.uint8)
    starts = rng.integers(0, length - size, count)
    return starts[:, None] + np.arange(size), copies


def draw_gaps(recipe: dict, rng: np.random.Generator) -> np.ndarray:
    """Draw the positions of N: the start of each chromosome, and random gaps."""
    lengths = np.array(list(recipe["chromosomes"].values()))
    shortest, longest = recipe["gap_length"]
    starts = rng.integers(0, lengths.sum() - longest, recipe["gaps"])
    sizes = rng.integers(shortest, longest + 1, recipe["gaps"])
    starts = np.concatenate([np.cumsum(lengths) - lengths, starts])
    sizes = np.concatenate([np.full(len(lengths), recipe["telomere"]), sizes])
    return interval_positions(starts, sizes)[0]


def simulate_genome(
    recipe: dict, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Simulate a genome without motifs: base codes, soft mask, and expected GC of each base."""
    length = sum(recipe["chromosomes"].values())
    gc = draw_isochores(length, recipe, rng)
    codes = draw_bases(gc, rng)
    masked = np.zeros(length, bool)
    for draw_repeat in (draw_interspersed, draw_low_complexity):
        positions, bases = draw_repeat(length, recipe, rng)
        codes[positions] = bases
        masked[positions] = True
    gaps = draw_gaps(recipe, rng)
    codes[gaps] = N_CODE
    masked[gaps] = False
    return codes, masked, gc


def to_fasta(codes: np.ndarray, masked: np.ndarray, chromosomes: dict[str, int]) -> str:
    """Format the genome as FASTA, 60 bases per line, masked bases in lower case."""
    letters = np.frombuffer(decode(codes[None])[0].encode(), np.uint8)
    text = np.where(masked, letters | 0x20, letters).tobytes().decode()
    lines, first = [], 0
    for chrom, length in chromosomes.items():
        end = first + length
        lines.append(f">{chrom}")
        lines += [text[start : min(start + 60, end)] for start in range(first, end, 60)]
        first = end
    return "\n".join(lines) + "\n"
