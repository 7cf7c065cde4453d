"""A small genome with planted motifs, the peaks that point at them, and the truth about both.

The chromosomes lie end to end in one array of base codes (see `sequences`), and positions are
0-based positions in that array until `locate` turns them into coordinates. Every function draws
from the generator it is given, so that one seed gives one genome. The values of a recipe and their
units are explained in resources/demo/recipe.yaml.
"""

import numpy as np
import pandas as pd

from peaks2motifs.core.sequences import N_CODE, decode, reverse_complement
from peaks2motifs.simulate.planting import draw_bases, draw_strands, sample_sites

NARROWPEAK = ["chrom", "start", "end", "name", "score", "strand"]
NARROWPEAK += ["signalValue", "pValue", "qValue", "peak"]
TRUTH = ["experiment", "motif", "name", "chrom", "start", "end", "strand", "peak", "role"]
TRUTH += ["spacer", "log_odds", "sequence"]
LOW_COMPLEXITY_UNITS = np.array([[1, 0], [3, 2], [0, 0], [3, 3]], np.uint8)  # CA, TG, AA, TT


def spans(starts: np.ndarray, lengths: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """List the positions of intervals (n,) one after another: position, interval, offset in it."""
    interval = np.repeat(np.arange(len(starts)), lengths)
    offset = np.arange(len(interval)) - (np.cumsum(lengths) - lengths)[interval]
    return starts[interval] + offset, interval, offset


def touches(mask: np.ndarray, starts: np.ndarray, width: int) -> np.ndarray:
    """Tell which windows [start, start + width) hold a True of `mask`; any shape of starts."""
    before = np.concatenate([[0], np.cumsum(mask)])
    return before[starts + width] > before[starts]


def tile(chromosomes: dict[str, int], width: int) -> np.ndarray:
    """Starts of the windows of one width that cut each chromosome from its first base on."""
    lengths = np.array(list(chromosomes.values()))
    counts = lengths // width
    _, chromosome, offset = spans(np.zeros_like(counts), counts)
    return (np.cumsum(lengths) - lengths)[chromosome] + offset * width


def locate(chromosomes: dict[str, int], positions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Turn positions (n,) into chromosome names and 0-based positions on them."""
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
    """Draw (CA)n, (TG)n, poly-A and poly-T tracts: positions and the codes to write there."""
    shortest, longest = recipe["low_complexity_length"]
    count = round(length / 1000 * recipe["low_complexity_per_kb"])
    starts = rng.integers(0, length - longest, count)
    sizes = rng.integers(shortest, longest + 1, count)
    kinds = rng.integers(0, len(LOW_COMPLEXITY_UNITS), count)
    positions, tract, offset = spans(starts, sizes)
    return positions, LOW_COMPLEXITY_UNITS[kinds[tract], offset % 2]


def draw_interspersed(
    length: int, recipe: dict, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw mutated copies of one random consensus: positions and the codes to write there."""
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
    """Draw the positions that are N: the start of each chromosome, and gaps anywhere."""
    lengths = np.array(list(recipe["chromosomes"].values()))
    shortest, longest = recipe["gap_length"]
    starts = rng.integers(0, lengths.sum() - longest, recipe["gaps"])
    sizes = rng.integers(shortest, longest + 1, recipe["gaps"])
    starts = np.concatenate([np.cumsum(lengths) - lengths, starts])
    sizes = np.concatenate([np.full(len(lengths), recipe["telomere"]), sizes])
    return spans(starts, sizes)[0]


def simulate_genome(
    recipe: dict, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Simulate a genome without motifs: base codes, which are lower case, and GC expected."""
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


def draw_slots(
    codes: np.ndarray, gc: np.ndarray, recipe: dict, count: int, rng: np.random.Generator
) -> np.ndarray:
    """Draw the starts (count,) of different slots without N, the GC-rich ones more often."""
    size = recipe["peaks"]["slot"]
    starts = tile(recipe["genome"]["chromosomes"], size)
    starts = starts[~touches(codes == N_CODE, starts, size)]
    weights = np.exp(recipe["peaks"]["gc_preference"] * gc[starts + size // 2].astype(float))
    return rng.choice(starts, count, replace=False, p=weights / weights.sum())


def draw_peaks(slots: np.ndarray, recipe: dict, rng: np.random.Generator) -> pd.DataFrame:
    """Draw one peak in each slot: columns start, end, summit and name, in the order of the file."""
    narrowest, widest = recipe["width"]
    width = rng.integers(narrowest, widest + 1, len(slots))
    summit = slots + recipe["slot"] // 2 + rng.integers(-40, 41, len(slots))
    start = summit - np.round(width * rng.uniform(0.35, 0.65, len(slots))).astype(int)
    name = [f"peak_{k}" for k in range(1, len(slots) + 1)]
    return pd.DataFrame({"start": start, "end": start + width, "summit": summit, "name": name})


def log_odds(sites: np.ndarray, ppm: np.ndarray) -> np.ndarray:
    """Score sites (n, width) against probabilities (width, 4): bits over uniform bases, (n,)."""
    return np.log2(ppm[np.arange(len(ppm)), sites] / 0.25).sum(axis=1)


def plant(codes: np.ndarray, sites: np.ndarray, placed: pd.DataFrame, copies: int = 1) -> None:
    """Write sites (n, width) into the genome `codes`, in place, where `placed` says.

    Each row of `placed` gives start, end, strand and spacer: the bp left untouched between the
    `copies` of the profile that make up a site. Minus-strand sites run from end to start.
    """
    columns = np.arange(sites.shape[1])
    copy = columns // (sites.shape[1] // copies)
    offset = columns + copy * placed["spacer"].to_numpy()[:, None]
    minus = (placed["strand"] == "-").to_numpy()[:, None]
    start, end = (placed[c].to_numpy()[:, None] for c in ("start", "end"))
    codes[np.where(minus, end - 1 - offset, start + offset)] = np.where(minus, 3 - sites, sites)


def plant_peaks(
    codes: np.ndarray,
    peaks: pd.DataFrame,
    ppm: np.ndarray,
    experiment: dict,
    recipe: dict,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Plant a site near the summit of most peaks, in place; return one row per site."""
    holds = peaks[rng.random(len(peaks)) < recipe["planted"]]
    copies = experiment.get("copies", 1)
    ppm = np.tile(ppm, (copies, 1))
    spacer = rng.integers(*experiment.get("spacer", (0, 0)), len(holds), endpoint=True)
    width = len(ppm) + (copies - 1) * spacer
    limit = recipe["window"] // 2 - (width + 1) // 2
    shift = np.round(rng.normal(0, recipe["jitter"], len(holds))).astype(int)
    start = holds["summit"].to_numpy() + np.clip(shift, -limit, limit) - width // 2
    placed = pd.DataFrame({"start": start, "end": start + width, "spacer": spacer})
    placed["strand"] = draw_strands(len(holds), rng)
    placed["peak"] = holds["name"].to_numpy()
    sites = sample_sites(ppm, len(holds), rng)
    plant(codes, sites, placed, copies)
    return placed.assign(log_odds=log_odds(sites, ppm), role="planted")


def plant_decoys(
    codes: np.ndarray, sites: pd.DataFrame, ppm: np.ndarray, recipe: dict, rng: np.random.Generator
) -> pd.DataFrame:
    """Plant a site in a fraction of all tiles, in place, clear of N and `sites`; one row per site.

    Where a tile is partly taken its site moves to a free place in the same tile, so that the
    density is the same in peaks, whose middle is taken, as elsewhere. Tiles of N stay empty.
    """
    taken = codes == N_CODE
    taken[spans(sites["start"].to_numpy(), (sites["end"] - sites["start"]).to_numpy())[0]] = True
    starts = tile(recipe["genome"]["chromosomes"], recipe["decoy"]["tile"])
    chosen = starts[rng.random(len(starts)) < recipe["decoy"]["density"]]
    room = recipe["decoy"]["tile"] - len(ppm)
    tries = chosen[:, None] + rng.integers(0, room + 1, (len(chosen), 30))
    free = ~touches(taken, tries, len(ppm))
    start = tries[np.arange(len(tries)), free.argmax(axis=1)][free.any(axis=1)]
    placed = pd.DataFrame({"start": start, "end": start + len(ppm), "spacer": 0})
    placed["strand"] = draw_strands(len(start), rng)
    drawn = sample_sites(ppm, len(start), rng)
    plant(codes, drawn, placed)
    return placed.assign(
        log_odds=log_odds(drawn, ppm), role="decoy", motif=recipe["decoy"]["matrix"]
    )


def draw_signal(
    peaks: pd.DataFrame, placed: pd.DataFrame, recipe: dict, rng: np.random.Generator
) -> np.ndarray:
    """Draw log-normal signal values (n,): higher for better sites, lowest for peaks without one."""
    score = placed.set_index("peak")["log_odds"]
    strength = ((score - score.mean()) / score.std()).reindex(peaks["name"]).fillna(-2).to_numpy()
    share = recipe["signal_strength"]
    noise = rng.normal(0, 1, len(peaks))
    z = share * strength + np.sqrt(1 - share**2) * noise
    return recipe["signal"] * np.exp(recipe["signal_spread"] * z)


def narrowpeak(peaks: pd.DataFrame, chromosomes: dict[str, int]) -> pd.DataFrame:
    """Turn drawn peaks into the ten columns of narrowPeak; what ENCODE leaves open is -1 or "."."""
    chrom, start = locate(chromosomes, peaks["start"].to_numpy())
    signal = peaks["signalValue"].round(5)
    table = peaks.assign(
        chrom=chrom,
        start=start,
        end=start + peaks["end"] - peaks["start"],
        score=(signal * 10).clip(0, 1000).astype(int),
        strand=".",
        signalValue=signal,
        pValue=-1,
        qValue=(signal / 10).round(5),
        peak=peaks["summit"] - peaks["start"],
    )
    return table[NARROWPEAK]


def add_edge_cases(peaks: pd.DataFrame, chromosomes: dict[str, int], telomere: int) -> pd.DataFrame:
    """Append to a narrowPeak table what real files hold: rows that a careful reader must count.

    Three near-identical copies of peaks, one peak whose summit lies 30 bp from a chromosome's end,
    one in the N of a telomere, one on a chromosome that the genome lacks.
    """
    copies = peaks.iloc[[0, 1, 2]].copy()
    copies["start"] += [5, -3, 8]
    copies["end"] += [5, 2, 8]
    copies["signalValue"] = (copies["signalValue"] * 0.8).round(5)
    first, last = next(iter(chromosomes)), next(reversed(chromosomes))
    odd = peaks.iloc[[3, 4, 5]].copy()
    odd["chrom"] = [last, first, "chrUn_1"]
    odd["start"] = [chromosomes[last] - 180, telomere // 2, 10_000]
    odd["end"] = odd["start"] + [180, 240, 200]
    odd["peak"] = [150, 120, 100]
    table = pd.concat([peaks, copies, odd], ignore_index=True)
    table["name"] = [f"peak_{k}" for k in range(1, len(table) + 1)]
    return table


def peaks_of_sites(sites: pd.DataFrame, peaks: pd.DataFrame) -> pd.DataFrame:
    """Look up the experiment and name of the peak that holds each site whole; else missing."""
    peaks = peaks.sort_values("start", ignore_index=True)
    index = np.searchsorted(peaks["start"], sites["start"], side="right") - 1
    found = peaks.iloc[index][["experiment", "name", "end"]].reset_index(drop=True)
    inside = (index >= 0) & (sites["end"] <= found["end"])
    return found[["experiment", "name"]].where(inside)


def site_sequences(codes: np.ndarray, sites: pd.DataFrame) -> list[str]:
    """Read the bases of each site, spacer included, on its own strand, upper case."""
    rows = zip(sites["start"], sites["end"], sites["strand"] == "-", strict=True)
    return [
        decode((reverse_complement(codes[s:e]) if minus else codes[s:e])[None])[0]
        for s, e, minus in rows
    ]


def truth_table(
    codes: np.ndarray, sites: pd.DataFrame, names: dict[str, str], chromosomes: dict[str, int]
) -> pd.DataFrame:
    """Tell all planted sites, in genome order: columns `TRUTH`, 0-based half-open coordinates."""
    sites = sites.sort_values("start", ignore_index=True)
    sites["sequence"] = site_sequences(codes, sites)
    sites["name"] = sites["motif"].map(names)
    width = sites["end"] - sites["start"]
    sites["chrom"], sites["start"] = locate(chromosomes, sites["start"].to_numpy())
    sites["end"] = sites["start"] + width
    return sites[TRUTH]


def draw_blacklist(
    peaks: pd.DataFrame, recipe: dict, chromosomes: dict[str, int], rng: np.random.Generator
) -> pd.DataFrame:
    """Draw regions round some peaks of each experiment: chrom, start, end, in genome order."""
    drawn = peaks.groupby("experiment", sort=False).sample(recipe["regions"], random_state=rng)
    middle = np.sort(drawn["summit"].to_numpy())
    chrom, middle = locate(chromosomes, middle)
    half = rng.integers(*recipe["length"], len(middle), endpoint=True) // 2
    ends = np.array([chromosomes[c] for c in chrom])
    start, end = np.maximum(middle - half, 0), np.minimum(middle + half, ends)
    return pd.DataFrame({"chrom": chrom, "start": start, "end": end})


def fasta(codes: np.ndarray, masked: np.ndarray, chromosomes: dict[str, int]) -> str:
    """Write the genome as FASTA, 60 bases a line, masked bases in lower case."""
    letters = np.frombuffer(decode(codes[None])[0].encode(), np.uint8)
    text = np.where(masked, letters | 0x20, letters).tobytes().decode()
    lines, first = [], 0
    for chrom, length in chromosomes.items():
        end = first + length
        lines.append(f">{chrom}")
        lines += [text[start : min(start + 60, end)] for start in range(first, end, 60)]
        first = end
    return "\n".join(lines) + "\n"


def simulate_peaks(
    codes: np.ndarray, gc: np.ndarray, ppms: dict, recipe: dict, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw the peaks of all experiments and plant their sites in place: one row each of both."""
    counts = [experiment["peaks"] for experiment in recipe["experiments"].values()]
    slots = np.split(draw_slots(codes, gc, recipe, sum(counts), rng), np.cumsum(counts)[:-1])
    peaks, sites = [], []
    for (name, experiment), own in zip(recipe["experiments"].items(), slots, strict=True):
        drawn = draw_peaks(own, recipe["peaks"], rng)
        ppm = ppms[experiment["matrix"]]
        placed = plant_peaks(codes, drawn, ppm, experiment, recipe["peaks"], rng)
        drawn["signalValue"] = draw_signal(drawn, placed, recipe["peaks"], rng)
        peaks.append(drawn.assign(experiment=name))
        sites.append(placed.assign(experiment=name, motif=experiment["matrix"]))
    return pd.concat(peaks, ignore_index=True), pd.concat(sites, ignore_index=True)


def simulate(
    recipe: dict, ppms: dict[str, np.ndarray], names: dict[str, str]
) -> tuple[str, pd.DataFrame, dict[str, pd.DataFrame], pd.DataFrame]:
    """Simulate what the recipe asks for: FASTA text, blacklist, narrowPeak tables, truth.

    `ppms` and `names` hold the probabilities (width, 4) and the name of each matrix of the recipe.
    """
    rng = np.random.default_rng([recipe["seed"]])
    chromosomes, telomere = (recipe["genome"][key] for key in ("chromosomes", "telomere"))
    codes, masked, gc = simulate_genome(recipe["genome"], rng)
    peaks, sites = simulate_peaks(codes, gc, ppms, recipe, rng)
    decoys = plant_decoys(codes, sites, ppms[recipe["decoy"]["matrix"]], recipe, rng)
    decoys[["experiment", "peak"]] = peaks_of_sites(decoys, peaks).to_numpy()
    truth = truth_table(codes, pd.concat([sites, decoys]), names, chromosomes)
    tables = {
        name: add_edge_cases(narrowpeak(own, chromosomes), chromosomes, telomere)
        for name, own in peaks.groupby("experiment", sort=False)
    }
    blacklist = draw_blacklist(peaks, recipe["blacklist"], chromosomes, rng)
    return fasta(codes, masked, chromosomes), blacklist, tables, truth
