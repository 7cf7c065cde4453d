"""How much faster the library is than the obvious way, both timed in this one run.

    make bench

Times depend on the machine and on what else it does; ratios taken side by side hardly do.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from pyfaidx import Fasta

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "workflow" / "scripts"))
from peaks2motifs.core.sequences import decode, encode, one_hot
from peaks2motifs.data.genome import fetch_codes, index_fasta
from peaks2motifs.motifs.kernel_sites import Sites, count_sites
from peaks2motifs.pages.logos import logo_svg
from peaks2motifs.pages.plots import draw_logo

CODE = {"A": 0, "C": 1, "G": 2, "T": 3}


def seconds(function: Callable, repeats: int) -> float:
    """Time a call: the median of some repeats, after one to warm up."""
    function()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return float(np.median(times))


def loop_one_hot(sequences: list[str]) -> np.ndarray:
    """One-hot encode base by base, as teaching notebooks do."""
    x = np.zeros((len(sequences), len(sequences[0]), 4), np.uint8)
    for row, sequence in enumerate(sequences):
        for column, base in enumerate(sequence):
            x[row, column, CODE[base]] = 1
    return x


def loop_counts(codes: np.ndarray, position: np.ndarray, width: int) -> np.ndarray:
    """Add up sites kernel by kernel and window by window, as DanQ's script does."""
    x = one_hot(codes)
    counts = np.zeros((position.shape[1], width, 4), np.int64)
    for kernel in range(position.shape[1]):
        for window in range(len(codes)):
            start = position[window, kernel]
            counts[kernel] += x[window, start : start + width]
    return counts


def encoding(rng: np.random.Generator) -> tuple[Callable, Callable]:
    """2,000 sequences of 50 bp to one-hot."""
    sequences = decode(rng.integers(0, 4, (2000, 50)).astype(np.uint8))
    return lambda: loop_one_hot(sequences), lambda: one_hot(encode(sequences))


def extraction(rng: np.random.Generator) -> tuple[Callable, Callable]:
    """20,000 windows of 200 bp from a FASTA file of 5 Mb."""
    fasta = str(Path(tempfile.mkdtemp()) / "genome.fa")
    bases = decode(rng.integers(0, 4, (100_000, 50)).astype(np.uint8))
    Path(fasta).write_text(">chr1\n" + "\n".join(bases) + "\n")
    index_fasta(fasta, fasta)
    starts = np.sort(rng.integers(0, 4_999_000, 20_000))
    chroms = np.full(len(starts), "chr1", object)
    genome = Fasta(fasta, as_raw=True, sequence_always_upper=True)
    return (
        lambda: encode([genome["chr1"][s : s + 200] for s in starts]),
        lambda: fetch_codes(fasta, chroms, starts, 200),
    )


def counting(rng: np.random.Generator) -> tuple[Callable, Callable]:
    """Sites of 64 kernels of 19 bp in 1,000 windows of 200 bp to count matrices."""
    codes = rng.integers(0, 4, (1000, 200)).astype(np.uint8)
    position = rng.integers(0, 182, (1000, 64)).astype(np.int16)
    window, kernel = (index.ravel() for index in np.indices(position.shape))
    place = position.ravel()
    sites = Sites(kernel, window, place, np.zeros(place.shape, bool), place)
    width = np.full(64, 19)
    return (
        lambda: loop_counts(codes, position, 19),
        lambda: count_sites(codes, sites, width, flank=0),
    )


def drawing(rng: np.random.Generator) -> tuple[Callable, Callable]:
    """A logo of 20 bp: Logomaker's, for print, beside the one inside the pages."""
    ppm = rng.dirichlet(np.full(4, 0.3), 20)
    path = str(Path(tempfile.mkdtemp()) / "logo.svg")
    return lambda: draw_logo(ppm, [path]), lambda: logo_svg(ppm, "logo")


def main() -> None:
    """Print one line for each benchmark; check that both ways agree where they should."""
    print(f"{'obvious ms':>12} {'ours ms':>9} {'ratio':>7}")
    for case, same in ((encoding, True), (extraction, True), (counting, True), (drawing, False)):
        obvious, ours = case(np.random.default_rng(0))
        if same:
            np.testing.assert_array_equal(obvious(), ours())
        slow, fast = seconds(obvious, 3), seconds(ours, 9)
        print(f"{1e3 * slow:12.2f} {1e3 * fast:9.3f} {slow / fast:7.0f}  {case.__doc__}")


if __name__ == "__main__":
    main()
