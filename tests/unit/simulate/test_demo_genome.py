"""The demo's simulator: its truth table agrees with the genome that it writes."""

import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import simulate_demo
import yaml
from paths import ROOT
from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.sequences import encode
from peaks2motifs.core.tables import read_bed, read_tsv
from peaks2motifs.simulate import demo_genome, demo_peaks, planting

RECIPE = ROOT / "resources" / "demo" / "recipe.yaml"
DEMO = yaml.safe_load(RECIPE.read_text())
EXPERIMENTS = list(DEMO["experiments"])


def run(folder: Path, recipe: dict = DEMO) -> Path:
    simulate_demo.simulate_demo(
        recipe=recipe,
        genome=str(folder / "genome.fa.gz"),
        blacklist=str(folder / "blacklist.bed"),
        peaks=[str(folder / f"{name}.narrowPeak.gz") for name in EXPERIMENTS],
        truth=str(folder / "truth.tsv"),
    )
    return folder


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Path:
    return run(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def genome(demo) -> dict[str, str]:
    text = gzip.decompress((demo / "genome.fa.gz").read_bytes()).decode()
    records = (record.split("\n", 1) for record in text.split(">")[1:])
    return {name: body.replace("\n", "") for name, body in records}


@pytest.fixture(scope="module")
def truth(demo) -> pd.DataFrame:
    return read_tsv(demo / "truth.tsv")


def read_peaks(demo: Path, experiment: str) -> pd.DataFrame:
    path = demo / f"{experiment}.narrowPeak.gz"
    return pd.read_csv(path, sep="\t", names=demo_peaks.NARROWPEAK)


def all_peaks(demo: Path) -> pd.DataFrame:
    """The drawn peaks of all experiments, without the six edge cases at each file's end."""
    tables = [read_peaks(demo, name).iloc[:-6].assign(experiment=name) for name in EXPERIMENTS]
    return pd.concat(tables, ignore_index=True)


def test_interval_positions_are_in_order():
    positions, interval, offset = demo_genome.interval_positions(
        np.array([10, 3]), np.array([2, 3])
    )
    assert positions.tolist() == [10, 11, 3, 4, 5]
    assert interval.tolist() == [0, 0, 1, 1, 1]
    assert offset.tolist() == [0, 1, 0, 1, 2]


def test_overlaps_mask_is_half_open():
    mask = np.array([0, 0, 1, 0, 0, 0], bool)
    starts = np.array([[0, 1], [2, 3]])
    assert demo_genome.overlaps_mask(mask, starts, 2).tolist() == [[False, True], [True, False]]
    assert demo_genome.overlaps_mask(mask, np.array([4]), 2).tolist() == [False]


def test_tiles_never_crosses_a_chromosome_end():
    assert demo_genome.tile_starts({"a": 10, "b": 3, "c": 8}, 4).tolist() == [0, 4, 13, 17]


def test_to_coordinates_of_first_and_last_bases():
    chrom, start = demo_genome.to_coordinates({"a": 10, "b": 5}, np.array([0, 9, 10, 14]))
    assert chrom.tolist() == ["a", "a", "b", "b"]
    assert start.tolist() == [0, 9, 0, 4]


def test_sample_sites_follows_the_probabilities():
    ppm = np.array([[0.1, 0.2, 0.3, 0.4], [0, 0, 1, 0]])
    sites = planting.sample_sites(ppm, 20_000, np.random.default_rng(0))
    assert sites.shape == (20_000, 2)
    frequency = np.bincount(sites[:, 0], minlength=4) / len(sites)
    np.testing.assert_allclose(frequency, ppm[0], atol=0.015)
    assert (sites[:, 1] == 2).all()


def test_log_odds_are_bits_over_uniform():
    ppm = np.array([[0.5, 0.25, 0.125, 0.125], [0.25, 0.25, 0.25, 0.25]])
    assert demo_peaks.log_odds(np.array([[0, 3], [2, 1]]), ppm).tolist() == [1.0, -1.0]


def test_write_sites_writes_both_strands_and_leaves_the_spacer():
    codes = np.full(16, 4, np.uint8)
    placed = pd.DataFrame({"start": [1, 8], "end": [7, 14], "strand": ["+", "-"], "spacer": [2, 2]})
    demo_peaks.write_sites(codes, encode(["AACG", "AACG"]), placed, copies=2)
    written = "".join("ACGTN"[c] for c in codes)
    assert written == "NAANNCGN" + "CGNNTTNN"  # reverse complement of AA--CG is CG--TT
    assert demo_peaks.site_sequences(codes, placed) == ["AANNCG", "AANNCG"]


def test_peaks_of_sites_contain_whole_sites():
    peaks = pd.DataFrame(
        {"start": [50, 10], "end": [60, 20], "name": ["p2", "p1"], "experiment": ["B", "A"]}
    )
    sites = pd.DataFrame({"start": [0, 10, 12, 15, 55], "end": [5, 20, 15, 21, 60]})
    peak = demo_peaks.peaks_of_sites(sites, peaks)
    assert peak["name"].fillna("").tolist() == ["", "p1", "p1", "", "p2"]
    assert peak["experiment"].fillna("").tolist() == ["", "A", "A", "", "B"]


def test_of_two_peaks_the_one_that_holds_the_whole_site_counts():
    peaks = pd.DataFrame({"start": [10, 15], "end": [40, 25], "name": ["p1", "p2"]})
    sites = pd.DataFrame({"start": [11, 16, 20, 30], "end": [14, 20, 28, 41]})
    peak = demo_peaks.peaks_of_sites(sites, peaks.assign(experiment="A"))
    assert peak["name"].fillna("").tolist() == ["p1", "p2", "p1", ""]


def test_isochores_have_the_gc_they_were_given():
    rng = np.random.default_rng(3)
    recipe = {"isochore_length": [50_000, 100_000], "isochore_gc": [0.36, 0.54]}
    gc = demo_genome.draw_isochores(600_000, recipe, rng)
    strong = np.isin(planting.draw_bases(gc, rng), [1, 2])
    borders = np.flatnonzero(np.diff(gc)) + 1
    assert np.diff(borders).min() >= 50_000
    assert np.diff(borders).max() <= 100_000
    for expected, bases in zip(np.split(gc, borders), np.split(strong, borders), strict=True):
        assert 0.36 <= expected[0] <= 0.54
        error = np.sqrt(0.25 / len(bases))
        assert abs(bases.mean() - expected[0]) < 4 * error


def test_low_complexity_tracts_are_ca_tg_or_one_base():
    recipe = {"low_complexity_length": [20, 20], "low_complexity_per_kb": 1}
    positions, bases = demo_genome.draw_low_complexity(50_000, recipe, np.random.default_rng(1))
    tracts = {
        bytes(tract).translate(bytes.maketrans(b"\0\1\2\3", b"ACGT"))
        for tract in np.split(bases, len(bases) // 20)
    }
    assert tracts == {b"CA" * 10, b"TG" * 10, b"A" * 20, b"T" * 20}
    assert positions.shape == (50 * 20,)


def test_same_recipe_gives_the_same_bytes_and_another_seed_does_not(demo, tmp_path):
    again = run(tmp_path)
    names = sorted(path.name for path in demo.iterdir())
    assert names == sorted(path.name for path in again.iterdir())
    assert len(names) == 3 + len(EXPERIMENTS)
    assert all((demo / name).read_bytes() == (again / name).read_bytes() for name in names)
    run(tmp_path, DEMO | {"seed": 0})
    assert all((demo / name).read_bytes() != (again / name).read_bytes() for name in names)


def test_genome_has_the_lengths_gaps_and_soft_masking_asked_for(genome):
    asked = DEMO["genome"]
    assert {name: len(bases) for name, bases in genome.items()} == asked["chromosomes"]
    telomere = "N" * asked["telomere"]
    assert all(bases.startswith(telomere) for bases in genome.values())
    whole = "".join(genome.values())
    assert set(whole) == set("ACGTacgtN")
    gaps = whole.count("N") - asked["telomere"] * len(genome)
    assert 0 < gaps <= asked["gaps"] * asked["gap_length"][1]
    masked = sum(map(whole.count, "acgt")) / len(whole)
    assert 0.05 < masked < 0.15
    assert "ca" * 9 in whole
    assert "t" * 18 in whole


def test_truth_rows_equal_the_genome(genome, truth):
    matrices = sorted(set(truth["motif"]))
    ppms, names = simulate_demo.fetch_profiles(matrices, DEMO["jaspar"], DEMO["pseudocount"])
    copies = {e["matrix"]: e.get("copies", 1) for e in DEMO["experiments"].values()}
    complement = str.maketrans("ACGTN", "TGCAN")
    for row in truth.rename(columns={"name": "factor"}).itertuples():
        bases = genome[row.chrom][row.start : row.end].upper()
        if row.strand == "-":
            bases = bases.translate(complement)[::-1]
        assert bases == row.sequence
        ppm = ppms[row.motif]
        starts = range(0, len(bases), len(ppm) + row.spacer)
        copied = encode([bases[start : start + len(ppm)] for start in starts])
        assert len(copied) == copies.get(row.motif, 1)
        assert demo_peaks.log_odds(copied, ppm).sum() == pytest.approx(row.log_odds, abs=1e-3)
        assert names[row.motif] == row.factor
    assert list(truth.columns) == demo_peaks.TRUTH


def test_planted_sites_lie_whole_in_the_window_round_the_summit(demo, truth):
    planted = truth[truth["role"] == "planted"]
    table = planted.merge(
        all_peaks(demo),
        left_on=["experiment", "peak"],
        right_on=["experiment", "name"],
        suffixes=("", "_peak"),
        validate="1:1",
    )
    assert len(table) == len(planted)
    assert (table["chrom"] == table["chrom_peak"]).all()
    summit = table["start_peak"] + table["peak_peak"]
    half = DEMO["peaks"]["window"] // 2
    assert (table["start"] >= summit - half).all()
    assert (table["end"] <= summit + half).all()
    shift = (table["start"] + table["end"]) / 2 - summit
    assert abs(shift.mean()) < 2
    assert shift.std() == pytest.approx(DEMO["peaks"]["jitter"], rel=0.1)
    assert 0.4 < (table["strand"] == "+").mean() < 0.6
    fraction = len(planted) / len(all_peaks(demo))
    assert fraction == pytest.approx(DEMO["peaks"]["planted"], abs=0.03)


def test_planted_sites_and_decoys_never_overlap(truth):
    ordered = truth.sort_values(["chrom", "start"])
    gap = ordered.groupby("chrom")["start"].shift(-1) - ordered["end"]
    assert gap.min() >= 0


def test_spacers_are_within_range_and_all_drawn(truth):
    for name, experiment in DEMO["experiments"].items():
        rows = truth[(truth["experiment"] == name) & (truth["role"] == "planted")]
        fewest, most = experiment.get("spacer", (0, 0))
        assert set(rows["spacer"]) == set(range(fewest, most + 1))
        assert (rows["motif"] == experiment["matrix"]).all()


def near_summit(table: pd.DataFrame, sites: pd.DataFrame) -> np.ndarray:
    """Which peaks (n,) of a table have one of the sites in the window around their summit."""
    places = to_positions(table["chrom"], table["start"] + table["peak"])
    middle = to_positions(sites["chrom"], (sites["start"] + sites["end"]) // 2)
    distance = np.abs(places[:, None] - middle)
    return (distance < DEMO["peaks"]["window"] // 2).any(axis=1)


def to_positions(chrom: pd.Series, position: pd.Series) -> np.ndarray:
    """Positions on one line of all chromosomes, far apart."""
    number = {name: 10**7 * k for k, name in enumerate(DEMO["genome"]["chromosomes"])}
    return (chrom.map(number) + position).to_numpy()


def test_the_shared_motif_lies_in_the_peaks_of_all_experiments(demo, truth):
    shared, peaks = truth[truth["role"] == "shared"], all_peaks(demo)
    assert set(shared["motif"]) == {DEMO["shared"]["matrix"]}
    for name in EXPERIMENTS:
        fraction = near_summit(peaks[peaks["experiment"] == name], shared).mean()
        # Windows of partners overlap, so some have the motif from the partner's peak.
        assert DEMO["shared"]["density"] - 0.07 < fraction < DEMO["shared"]["density"] + 0.15


def test_a_third_of_the_peaks_of_partners_hold_both_motifs(demo, truth):
    peaks, planted = all_peaks(demo), truth[truth["role"] == "planted"]
    number = DEMO["experiments"]["CTCF"]["beside_partner"]
    for name, other in (("SRF", "CTCF"), ("CTCF", "SRF")):
        own = peaks[peaks["experiment"] == name]
        sites = [
            near_summit(own, planted[planted["experiment"] == factor]) for factor in (name, other)
        ]
        assert 0.9 * number < np.logical_and(*sites).sum() < 1.05 * number
        assert number / len(own) == pytest.approx(1 / 3, abs=0.02)
    none = near_summit(
        peaks[peaks["experiment"] == "ZNF410"], planted[planted["experiment"] == "SRF"]
    )
    assert not none.any()


def test_decoys_are_as_dense_in_peaks_as_elsewhere(demo, genome, truth):
    decoys = truth[truth["role"] == "decoy"]
    assert set(decoys["motif"]) == {DEMO["decoy"]["matrix"]}
    peaks = all_peaks(demo)
    in_windows = 0
    for chrom, own in peaks.groupby("chrom"):
        middle = decoys.loc[decoys["chrom"] == chrom, ["start", "end"]].mean(axis=1).to_numpy()
        distance = np.abs(middle[:, None] - (own["start"] + own["peak"]).to_numpy())
        in_windows += (distance < DEMO["peaks"]["window"] / 2).any(axis=1).sum()
    inside = in_windows / (len(peaks) * DEMO["peaks"]["window"])
    bases = sum(len(g) - g.count("N") for g in genome.values())
    outside = (len(decoys) - in_windows) / (bases - len(peaks) * DEMO["peaks"]["window"])
    expected = DEMO["decoy"]["density"] / DEMO["decoy"]["tile"]
    assert outside == pytest.approx(expected, rel=0.05)
    assert inside == pytest.approx(expected, rel=0.2)  # some 270 decoys: sd 6 %
    assert decoys["peak"].notna().sum() > 100
    assert decoys["experiment"].notna().equals(decoys["peak"].notna())


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_narrowpeak_columns_are_valid(demo, name):
    table = read_peaks(demo, name)
    assert len(table) == DEMO["experiments"][name]["peaks"] + 6
    assert table["name"].tolist() == [f"peak_{k}" for k in range(1, len(table) + 1)]
    drawn, edge = table.iloc[:-6], table.iloc[-6:]
    width = drawn["end"] - drawn["start"]
    assert width.between(*DEMO["peaks"]["width"]).all()
    assert width.nunique() > 100
    assert ((table["peak"] >= 0) & (table["peak"] < table["end"] - table["start"])).all()
    assert table["score"].between(0, 1000).all()
    assert table["score"].dtype == np.int64
    assert (table["strand"] == ".").all()
    assert (table["pValue"] == -1).all()
    assert (table["signalValue"] > 0).all()
    assert not drawn.sort_values(["chrom", "start"]).index.equals(drawn.index)
    assert edge["chrom"].tolist()[3:] == ["chr8", "chr1", "chrUn_1"]
    summit = table["start"] + table["peak"]
    assert (summit.iloc[-6:-3].to_numpy() - summit.iloc[:3]).abs().max() <= 8
    assert DEMO["genome"]["chromosomes"]["chr8"] - summit.iloc[-3] == 30


def test_signal_follows_the_site_loosely(demo, truth):
    planted = truth[truth["role"] == "planted"]
    table = all_peaks(demo).merge(
        planted,
        how="left",
        left_on=["experiment", "name"],
        right_on=["experiment", "peak"],
        suffixes=("", "_site"),
    )
    signal = np.log(table["signalValue"])
    has_site = table["log_odds"].notna()
    assert signal[has_site].mean() > signal[~has_site].mean() + 0.3
    for name in EXPERIMENTS:
        rows = has_site & (table["experiment"] == name)
        assert 0.3 < np.corrcoef(signal[rows], table.loc[rows, "log_odds"])[0, 1] < 0.7


def test_peaks_prefer_gc(demo, genome):
    peaks = all_peaks(demo)
    bases = [genome[p.chrom][p.start : p.end].upper() for p in peaks.itertuples()]
    assert not any("N" in b for b in bases)
    in_peaks = np.mean([(b.count("G") + b.count("C")) / len(b) for b in bases])
    whole = "".join(genome.values()).upper()
    in_genome = (whole.count("G") + whole.count("C")) / (len(whole) - whole.count("N"))
    assert in_peaks > in_genome + 0.005


def test_blacklist_covers_some_summits_of_every_experiment(demo):
    regions = read_bed(demo / "blacklist.bed", ["chrom", "start", "end"])
    assert len(regions) == DEMO["blacklist"]["regions"] * len(EXPERIMENTS)
    assert (regions["start"] >= 0).all()
    assert (regions["end"] <= regions["chrom"].map(DEMO["genome"]["chromosomes"])).all()
    for name in EXPERIMENTS:
        pairs = read_peaks(demo, name).merge(regions, on="chrom", suffixes=("", "_region"))
        summit = pairs["start"] + pairs["peak"]
        covered = (summit >= pairs["start_region"]) & (summit < pairs["end_region"])
        assert covered.sum() >= DEMO["blacklist"]["regions"]


@pytest.mark.filterwarnings("ignore:Failed to fetch internal database ID")
def test_unknown_matrix_is_refused_in_one_line():
    with pytest.raises(InputError, match=r"^recipe: matrix MA9999\.9 is not in JASPAR2026$"):
        simulate_demo.fetch_profiles(["MA9999.9"], "JASPAR2026", 1)
