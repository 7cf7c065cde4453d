"""The demo: motifs planted in a small genome, peaks near them, and the table of planted sites.

Positions and recipe are those of `demo_genome`.
"""

import numpy as np
import pandas as pd

from peaks2motifs.core.sequences import N_CODE, decode, reverse_complement
from peaks2motifs.simulate.demo_genome import (
    interval_positions,
    overlaps_mask,
    simulate_genome,
    tile_starts,
    to_coordinates,
    to_fasta,
)
from peaks2motifs.simulate.planting import draw_strands, sample_sites

NARROWPEAK = ["chrom", "start", "end", "name", "score", "strand"]
NARROWPEAK += ["signalValue", "pValue", "qValue", "peak"]
TRUTH = ["experiment", "motif", "name", "chrom", "start", "end", "strand", "peak", "role"]
TRUTH += ["spacer", "log_odds", "sequence"]


def draw_slots(
    codes: np.ndarray, gc: np.ndarray, recipe: dict, count: int, rng: np.random.Generator
) -> np.ndarray:
    """Draw the starts (count,) of distinct slots without N, preferring GC-rich ones."""
    size = recipe["peaks"]["slot"]
    starts = tile_starts(recipe["genome"]["chromosomes"], size)
    starts = starts[~overlaps_mask(codes == N_CODE, starts, size)]
    weights = np.exp(recipe["peaks"]["gc_preference"] * gc[starts + size // 2].astype(float))
    return rng.choice(starts, count, replace=False, p=weights / weights.sum())


def draw_summits(slots: np.ndarray, recipe: dict, rng: np.random.Generator) -> np.ndarray:
    """Draw the summit of one peak per slot, near its middle."""
    return slots + recipe["slot"] // 2 + rng.integers(-40, 41, len(slots))


def draw_peaks(
    summits: np.ndarray, recipe: dict, rng: np.random.Generator, first: int = 1
) -> pd.DataFrame:
    """Draw one peak per summit: `start end summit name`; names are numbered on from `first`."""
    narrowest, widest = recipe["width"]
    width = rng.integers(narrowest, widest + 1, len(summits))
    start = summits - np.round(width * rng.uniform(0.35, 0.65, len(summits))).astype(int)
    name = [f"peak_{number}" for number in range(first, first + len(summits))]
    return pd.DataFrame({"start": start, "end": start + width, "summit": summits, "name": name})


def log_odds(sites: np.ndarray, ppm: np.ndarray) -> np.ndarray:
    """Score sites (n, width) by probabilities (width, 4): bits against uniform bases, (n,)."""
    return np.log2(ppm[np.arange(len(ppm)), sites] / 0.25).sum(axis=1)


def write_sites(codes: np.ndarray, bases: np.ndarray, sites: pd.DataFrame, copies: int = 1) -> None:
    """Write the bases (n, width) of sites into the genome `codes`, in place.

    `sites` has the columns start, end, strand and spacer. A site consists of `copies` of the motif;
    the spacer, in bp, between them is not changed. Minus-strand sites run from end to start.
    """
    columns = np.arange(bases.shape[1])
    copy_number = columns // (bases.shape[1] // copies)
    offset = columns + copy_number * sites["spacer"].to_numpy()[:, None]
    minus = (sites["strand"] == "-").to_numpy()[:, None]
    start, end = (sites[name].to_numpy()[:, None] for name in ("start", "end"))
    codes[np.where(minus, end - 1 - offset, start + offset)] = np.where(minus, 3 - bases, bases)


def plant_peaks(
    codes: np.ndarray,
    peaks: pd.DataFrame,
    ppm: np.ndarray,
    experiment: dict,
    recipe: dict,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Plant a site near the summit of most peaks, in place; return one row per site."""
    peaks = peaks[rng.random(len(peaks)) < recipe["planted"]]
    copies = experiment.get("copies", 1)
    ppm = np.tile(ppm, (copies, 1))
    spacer = rng.integers(*experiment.get("spacer", (0, 0)), len(peaks), endpoint=True)
    width = len(ppm) + (copies - 1) * spacer
    max_shift = recipe["window"] // 2 - (width + 1) // 2
    shift = np.round(rng.normal(0, recipe["jitter"], len(peaks))).astype(int)
    start = peaks["summit"].to_numpy() + np.clip(shift, -max_shift, max_shift) - width // 2
    sites = pd.DataFrame({"start": start, "end": start + width, "spacer": spacer})
    sites["strand"] = draw_strands(len(peaks), rng)
    sites["peak"] = peaks["name"].to_numpy()
    bases = sample_sites(ppm, len(peaks), rng)
    write_sites(codes, bases, sites, copies)
    return sites.assign(log_odds=log_odds(bases, ppm), role="planted")


def plant_beside(
    codes: np.ndarray,
    partner: pd.DataFrame,
    sites: pd.DataFrame,
    ppm: np.ndarray,
    experiment: dict,
    count: int,
    first: int,
    recipe: dict,
    rng: np.random.Generator,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Plant sites, of one copy, in `count` peaks of a partner; draw a peak around each: both.

    The sites lie in the windows around the partner's summits, clear of N and `sites`, in place.
    Only peaks of the partner that have a site are chosen, so windows there hold both motifs. Names
    of peaks are numbered on from `first`.
    """
    window = recipe["window"]
    starts = np.sort(rng.choice(partner["summit"].to_numpy(), count, replace=False)) - window // 2
    planted = plant_in_tiles(codes, starts, window, sites, ppm, experiment, "planted", rng)
    middle = (planted["start"] + planted["end"]).to_numpy() // 2
    summits = middle - np.round(rng.normal(0, recipe["jitter"], len(planted))).astype(int)
    peaks = draw_peaks(summits, recipe, rng, first)
    return peaks, planted.assign(peak=peaks["name"].to_numpy())


def plant_shared(
    codes: np.ndarray,
    peaks: pd.DataFrame,
    sites: pd.DataFrame,
    ppm: np.ndarray,
    recipe: dict,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Plant a motif in a fraction of peaks, whose windows do not overlap, in place; one row each.

    It lies anywhere in the window around the summit, clear of N and `sites`.
    """
    window = recipe["peaks"]["window"]
    summits = peaks["summit"].to_numpy()[rng.random(len(peaks)) < recipe["shared"]["density"]]
    starts = np.sort(summits) - window // 2
    return plant_in_tiles(codes, starts, window, sites, ppm, recipe["shared"], "shared", rng)


def plant_decoys(
    codes: np.ndarray, sites: pd.DataFrame, ppm: np.ndarray, recipe: dict, rng: np.random.Generator
) -> pd.DataFrame:
    """Plant a decoy in a fraction of all tiles of the genome, in place; one row each.

    If a tile is partly occupied, its decoy moves to a free position in the same tile. So the
    density is the same in peaks, which have sites in their middle. Tiles of N stay empty.
    """
    size = recipe["decoy"]["tile"]
    tiles = tile_starts(recipe["genome"]["chromosomes"], size)
    tiles = tiles[rng.random(len(tiles)) < recipe["decoy"]["density"]]
    return plant_in_tiles(codes, tiles, size, sites, ppm, recipe["decoy"], "decoy", rng)


def plant_in_tiles(
    codes: np.ndarray,
    tiles: np.ndarray,
    size: int,
    sites: pd.DataFrame,
    ppm: np.ndarray,
    part: dict,
    role: str,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Plant one site in each tile of `size` bp, in place, clear of N and earlier `sites`."""
    occupied = codes == N_CODE
    widths = (sites["end"] - sites["start"]).to_numpy()
    occupied[interval_positions(sites["start"].to_numpy(), widths)[0]] = True
    start = draw_free_starts(tiles, size, occupied, len(ppm), rng)
    planted = pd.DataFrame({"start": start, "end": start + len(ppm), "spacer": 0})
    planted["strand"] = draw_strands(len(start), rng)
    bases = sample_sites(ppm, len(start), rng)
    write_sites(codes, bases, planted)
    return planted.assign(log_odds=log_odds(bases, ppm), role=role, motif=part["matrix"])


def draw_free_starts(
    tiles: np.ndarray, size: int, occupied: np.ndarray, width: int, rng: np.random.Generator
) -> np.ndarray:
    """Draw the start of a free window of `width` in each tile; omit tiles where 30 draws fail."""
    draws = tiles[:, None] + rng.integers(0, size - width + 1, (len(tiles), 30))
    is_free = ~overlaps_mask(occupied, draws, width)
    return draws[np.arange(len(draws)), is_free.argmax(axis=1)][is_free.any(axis=1)]


def draw_signal(
    peaks: pd.DataFrame, sites: pd.DataFrame, recipe: dict, rng: np.random.Generator
) -> np.ndarray:
    """Draw log-normal signal values (n,): higher for better sites, lowest for peaks without one."""
    score = sites.set_index("peak")["log_odds"]
    strength = ((score - score.mean()) / score.std()).reindex(peaks["name"]).fillna(-2).to_numpy()
    correlation = recipe["signal_strength"]
    noise = rng.normal(0, 1, len(peaks))
    z_score = correlation * strength + np.sqrt(1 - correlation**2) * noise
    return recipe["signal"] * np.exp(recipe["signal_spread"] * z_score)


def to_narrowpeak(peaks: pd.DataFrame, chromosomes: dict[str, int]) -> pd.DataFrame:
    """Convert peaks to the ten columns of narrowPeak; values that ENCODE omits are -1 or "."."""
    chrom, start = to_coordinates(chromosomes, peaks["start"].to_numpy())
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
    """Append problematic rows, as in real files, to a narrowPeak table.

    These are three near-identical copies of peaks, a peak with a summit 30 bp from a chromosome's
    end, a peak in the N of a telomere, and a peak on a chromosome that is not in the genome.
    """
    copies = peaks.iloc[[0, 1, 2]].copy()
    copies["start"] += [5, -3, 8]
    copies["end"] += [5, 2, 8]
    copies["signalValue"] = (copies["signalValue"] * 0.8).round(5)
    first, last = next(iter(chromosomes)), next(reversed(chromosomes))
    misplaced = peaks.iloc[[3, 4, 5]].copy()
    misplaced["chrom"] = [last, first, "chrUn_1"]
    misplaced["start"] = [chromosomes[last] - 180, telomere // 2, 10_000]
    misplaced["end"] = misplaced["start"] + [180, 240, 200]
    misplaced["peak"] = [150, 120, 100]
    table = pd.concat([peaks, copies, misplaced], ignore_index=True)
    table["name"] = [f"peak_{number}" for number in range(1, len(table) + 1)]
    return table


def peaks_of_sites(sites: pd.DataFrame, peaks: pd.DataFrame) -> pd.DataFrame:
    """Return `experiment name` of the peak that contains each whole site, or missing values.

    Of several peaks that contain it, it is the one that starts last.
    """
    peaks = peaks.sort_values("start", ignore_index=True)
    last = np.searchsorted(peaks["start"], sites["start"], side="right") - 1
    index = np.full(len(sites), -1)
    for candidate in (last - 2, last - 1, last):  # no more than three peaks overlap
        end = peaks["end"].to_numpy()[np.maximum(candidate, 0)]
        index = np.where((candidate >= 0) & (sites["end"].to_numpy() <= end), candidate, index)
    is_inside = pd.Series(index >= 0)
    return peaks.iloc[index][["experiment", "name"]].reset_index(drop=True).where(is_inside)


def site_sequences(codes: np.ndarray, sites: pd.DataFrame) -> list[str]:
    """Return the sequence of each site on its strand, with the spacer, in upper case."""
    rows = zip(sites["start"], sites["end"], sites["strand"] == "-", strict=True)
    return [
        decode((reverse_complement(codes[start:end]) if minus else codes[start:end])[None])[0]
        for start, end, minus in rows
    ]


def truth_table(
    codes: np.ndarray, sites: pd.DataFrame, names: dict[str, str], chromosomes: dict[str, int]
) -> pd.DataFrame:
    """Tabulate all planted sites in genome order: columns `TRUTH`, 0-based half-open."""
    sites = sites.sort_values("start", ignore_index=True)
    sites["sequence"] = site_sequences(codes, sites)
    sites["name"] = sites["motif"].map(names)
    width = sites["end"] - sites["start"]
    sites["chrom"], sites["start"] = to_coordinates(chromosomes, sites["start"].to_numpy())
    sites["end"] = sites["start"] + width
    return sites[TRUTH]


def draw_blacklist(
    peaks: pd.DataFrame, recipe: dict, chromosomes: dict[str, int], rng: np.random.Generator
) -> pd.DataFrame:
    """Draw regions round some summits of each experiment: `chrom start end`, in genome order."""
    chosen = peaks.groupby("experiment", sort=False).sample(recipe["regions"], random_state=rng)
    middle = np.sort(chosen["summit"].to_numpy())
    chrom, middle = to_coordinates(chromosomes, middle)
    half = rng.integers(*recipe["length"], len(middle), endpoint=True) // 2
    ends = np.array([chromosomes[c] for c in chrom])
    start, end = np.maximum(middle - half, 0), np.minimum(middle + half, ends)
    return pd.DataFrame({"chrom": chrom, "start": start, "end": end})


def simulate_peaks(
    codes: np.ndarray, gc: np.ndarray, ppms: dict, recipe: dict, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw the peaks of all experiments and plant their sites, in place: tables of both.

    The last peaks of an experiment with a partner lie at peaks of that one, which comes before it;
    `beside` says which these are.
    """
    experiments, settings = recipe["experiments"], recipe["peaks"]
    beside = {name: e.get("beside_partner", 0) for name, e in experiments.items()}
    counts = [e["peaks"] - beside[name] for name, e in experiments.items()]
    slots = np.split(draw_slots(codes, gc, recipe, sum(counts), rng), np.cumsum(counts)[:-1])
    peaks, sites = {}, {}
    for (name, experiment), own_slots in zip(experiments.items(), slots, strict=True):
        ppm = ppms[experiment["matrix"]]
        table = draw_peaks(draw_summits(own_slots, settings, rng), settings, rng)
        planted = plant_peaks(codes, table, ppm, experiment, settings, rng)
        if beside[name]:
            partner, so_far = peaks[experiment["partner"]], pd.concat([*sites.values(), planted])
            has_site = partner["name"].isin(sites[experiment["partner"]]["peak"])
            numbers = beside[name], len(table) + 1
            more = plant_beside(
                codes, partner[has_site], so_far, ppm, experiment, *numbers, settings, rng
            )
            table, planted = (pd.concat(pair) for pair in zip((table, planted), more, strict=True))
        table["beside"] = np.arange(len(table)) >= len(own_slots)
        table["signalValue"] = draw_signal(table, planted, settings, rng)
        peaks[name] = table.assign(experiment=name)
        sites[name] = planted.assign(experiment=name, motif=experiment["matrix"])
    return tuple(pd.concat(tables.values(), ignore_index=True) for tables in (peaks, sites))


def simulate(
    recipe: dict, ppms: dict[str, np.ndarray], names: dict[str, str]
) -> tuple[str, pd.DataFrame, dict[str, pd.DataFrame], pd.DataFrame]:
    """Simulate a genome by a recipe: FASTA text, blacklist, narrowPeak tables, truth table.

    `ppms` and `names` hold the probabilities (width, 4) and the name of each matrix of the recipe.
    """
    rng = np.random.default_rng([recipe["seed"]])
    chromosomes, telomere = (recipe["genome"][key] for key in ("chromosomes", "telomere"))
    codes, masked, gc = simulate_genome(recipe["genome"], rng)
    peaks, sites = simulate_peaks(codes, gc, ppms, recipe, rng)
    ppm = ppms[recipe["shared"]["matrix"]]
    shared = plant_shared(codes, peaks[~peaks["beside"]], sites, ppm, recipe, rng)
    taken = pd.concat([sites, shared])
    beside = plant_shared(codes, peaks[peaks["beside"]], taken, ppm, recipe, rng)
    shared, taken = pd.concat([shared, beside]), pd.concat([taken, beside])
    decoys = plant_decoys(codes, taken, ppms[recipe["decoy"]["matrix"]], recipe, rng)
    for table in (shared, decoys):
        table[["experiment", "peak"]] = peaks_of_sites(table, peaks).to_numpy()
    truth = truth_table(codes, pd.concat([sites, shared, decoys]), names, chromosomes)
    tables = {
        name: add_edge_cases(to_narrowpeak(table, chromosomes), chromosomes, telomere)
        for name, table in peaks.groupby("experiment", sort=False)
    }
    blacklist = draw_blacklist(peaks, recipe["blacklist"], chromosomes, rng)
    return to_fasta(codes, masked, chromosomes), blacklist, tables, truth
