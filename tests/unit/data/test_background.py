"""Background: disjoint candidates, GC matching within splits, and the three strategies."""

import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.tables import BED6, read_bed, read_tsv, write_bed
from peaks2motifs.data import background, background_qc, gc_matching
from peaks2motifs.data.genome import chrom_sizes, index_fasta
from peaks2motifs.data.intervals import BED3, merge
from peaks2motifs.data.other_peaks import other_peaks
from sample_background import sample_background
from sample_others import sample_others

LENGTH = 100
SIZES = {"chr1": 60_000, "chr2": 40_000, "chr3": 30_000, "chr4": 30_000}
SPLIT = {"chr1": "train", "chr2": "train", "chr3": "valid", "chr4": "test"}


@pytest.fixture
def genome() -> dict[str, str]:
    """Sequences of random bases whose GC drifts along; chr1 has a gap, chr3 many single N."""
    rng = np.random.default_rng(0)
    letters = {}
    for name, size in SIZES.items():
        gc = 0.45 + 0.2 * np.sin(np.arange(size) / 900)
        strong = rng.random(size) < gc
        either = rng.random(size) < 0.5
        bases = np.where(strong, np.where(either, "G", "C"), np.where(either, "a", "T"))
        letters[name] = "".join(bases)
    letters["chr3"] = "N".join(letters["chr3"][i + 1 : i + 350] for i in range(0, 30_000, 350))
    letters["chr1"] = letters["chr1"][:20_000] + "N" * 5000 + letters["chr1"][25_000:]
    return letters


@pytest.fixture
def files(tmp_path: Path, genome: dict[str, str]) -> dict[str, str]:
    """An experiment's files: 40 peaks in each of two chromosomes, 20 in each of two others."""
    paths = {name: str(tmp_path / name) for name in ("peaks", "splits", "regions", "blacklist")}
    paths["fasta"] = str(tmp_path / "genome.fa")
    with open(paths["fasta"], "w") as handle:
        for name, letters in genome.items():
            handle.write(f">{name}\n")
            handle.writelines(f"{letters[i : i + 60]}\n" for i in range(0, len(letters), 60))
    index_fasta(paths["fasta"], "test")
    numbers = {"chr1": 40, "chr2": 40, "chr3": 20, "chr4": 20}
    starts = {name: 300 + 450 * np.arange(number) for name, number in numbers.items()}
    peaks = pd.concat(
        [pd.DataFrame({"chrom": name, "start": start}) for name, start in starts.items()]
    )
    peaks["end"] = peaks["start"] + LENGTH
    peaks = peaks.assign(name=[f"p{i}" for i in range(len(peaks))], score=1, strand=".")
    write_bed(peaks[BED6], paths["peaks"])
    wide = peaks.assign(start=peaks["start"] - 30, end=peaks["end"] + 30)
    write_bed(merge(wide, f"{paths['fasta']}.fai"), paths["regions"])
    blocks = [(name, 0, size, SPLIT[name]) for name, size in SIZES.items()]
    write_bed(pd.DataFrame(blocks), paths["splits"])
    write_bed(pd.DataFrame([("chr2", 20_000, 22_000), ("chr4", 0, 250)]), paths["blacklist"])
    return paths


@pytest.fixture
def peaks(files: dict[str, str]) -> pd.DataFrame:
    table = read_bed(files["peaks"])
    return table.assign(split=table["chrom"].map(SPLIT))


def draw_background(
    files: dict[str, str], peaks: pd.DataFrame, ratio=2, tolerance=0.02, seed=0
) -> tuple[pd.DataFrame, dict]:
    paths = (files[name] for name in ("splits", "regions", "blacklist", "fasta"))
    return background.genomic_gc(peaks, *paths, ratio, tolerance, seed)


def letters_of(windows: pd.DataFrame, genome: dict[str, str]) -> list[str]:
    rows = windows[BED3].itertuples(index=False)
    return [genome[chrom][start:end].upper() for chrom, start, end in rows]


def gc_counts(windows: pd.DataFrame, genome: dict[str, str]) -> np.ndarray:
    return np.array([s.count("G") + s.count("C") for s in letters_of(windows, genome)])


def test_genomic_windows_share_no_base_with_peaks_blacklist_gaps_or_each_other(
    files, peaks, genome
):
    found, _ = draw_background(files, peaks, ratio=4)
    assert len(found) == 4 * len(peaks)
    assert (found["end"] - found["start"] == LENGTH).all()
    covered = {name: np.zeros(size, int) for name, size in SIZES.items()}
    for path in (files["regions"], files["blacklist"]):
        for chrom, start, end in read_bed(path, BED3).itertuples(index=False):
            covered[chrom][start:end] += 1
    for chrom, start, end in found[BED3].itertuples(index=False):
        assert 0 <= start < end <= SIZES[chrom]
        assert not covered[chrom][start:end].any()
        covered[chrom][start:end] += 1
    assert not any("N" in letters for letters in letters_of(found, genome))


def test_genomic_windows_match_the_gc_of_their_peak_and_stay_in_its_split(files, peaks, genome):
    found, tally = draw_background(files, peaks)
    source = peaks.set_index("name").loc[found["name"].str.split("_").str[0]]
    difference = np.abs(gc_counts(found, genome) - gc_counts(source, genome))
    assert difference.max() <= 2  # 0.02 of 100 bases
    assert (difference == 0).mean() > 0.9
    assert (found["split"].to_numpy() == source["split"].to_numpy()).all()
    assert (found["chrom"].map(SPLIT) == found["split"]).all()
    assert tally["gc_distance_before"][0] > 0.01
    assert (found["chrom"].to_numpy() == source["chrom"].to_numpy()).mean() > 0.8


def test_each_peak_has_its_numbered_windows_in_genome_order(files, peaks):
    found, _ = draw_background(files, peaks)
    assert sorted(found["name"]) == sorted(f"{p}_bg{k}" for p in peaks["name"] for k in (1, 2))
    assert found[["chrom", "start"]].apply(tuple, axis=1).is_monotonic_increasing
    assert list(found.columns) == [*BED6, "split"]


def test_a_seed_repeats_and_seed_0_is_a_seed(files, peaks):
    first, again, other = (draw_background(files, peaks, seed=seed)[0] for seed in (0, 0, 1))
    assert first.equals(again)
    assert not first["start"].reset_index(drop=True).equals(other["start"].reset_index(drop=True))


def test_first_copies_come_before_second_ones_when_windows_run_short(files, peaks):
    found, _ = draw_background(files, peaks, ratio=12)
    copies = found["name"].str.extract(r"(p\d+)_bg(\d+)").astype({1: int})
    assert len(found) < 12 * len(peaks)
    assert (copies.groupby(0)[1].max() == copies.groupby(0)[1].count()).all()  # no number left out


def test_too_few_windows_are_refused_with_counts_and_options(files, peaks):
    found, _ = draw_background(files, peaks)
    train = found[found["split"] != "valid"]
    with pytest.raises(
        InputError, match=r"results/x/peaks.bed.*found 0 of the 40 .*valid"
    ) as error:
        background.check_counts(train, peaks, 2, 0.5, "genomic_gc", "results/x/peaks.bed", {})
    for option in ("background.ratio", "background.gc_tolerance", "blacklist"):
        assert option in str(error.value)
    background.check_counts(found, peaks, 4, 0.5, "genomic_gc", "", {})  # half is enough


def test_gc_of_a_peak_is_over_its_bases_other_than_n(tmp_path):
    fasta = tmp_path / "g.fa"
    fasta.write_text(">c\n" + "N" * 5 + "GCGAA" + "GCGCGCAAAA" + "\n")
    index_fasta(str(fasta), "test")
    peaks = pd.DataFrame({"chrom": "c", "start": [0, 10], "end": [10, 20], "split": "train"})
    targets = background.list_targets(peaks, str(fasta), 2, np.random.default_rng(0))
    assert (targets.set_index("peak")["gc"][0] == 6).all()  # 3 of 5, in 10 bases


def test_targets_list_all_peaks_once_before_twice_in_random_order(files, peaks):
    targets = background.list_targets(peaks, files["fasta"], 2, np.random.default_rng(0))
    number = len(peaks)
    assert targets["copy"].tolist() == [1] * number + [2] * number
    for part in (targets["peak"][:number], targets["peak"][number:]):
        assert sorted(part) == list(range(number))
        assert not part.is_monotonic_increasing


def test_free_regions_are_blocks_without_taken_intervals(files):
    taken = pd.DataFrame({"chrom": ["chr1", "chr1"], "start": [0, 500], "end": [100, 600]})
    blocks = [("chr1", 0, 550, "train"), ("chr1", 550, 1000, "test"), ("chr2", 0, 900, "valid")]
    write_bed(pd.DataFrame(blocks), files["splits"])
    free = background.free_regions(files["splits"], taken, files["fasta"])
    assert free.astype({"chrom": str, "split": str}).to_numpy().tolist() == [
        ["chr1", 100, 500, "train"],
        ["chr1", 600, 1000, "test"],
        ["chr2", 0, 900, "valid"],
    ]
    untouched = background.free_regions(files["splits"], taken[:0], files["fasta"])
    assert untouched["end"].tolist() == [550, 1000, 900]


def as_pool(rows: list[tuple[str, str, int]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["chrom", "split", "gc"])
    table["chrom"] = pd.Categorical(table["chrom"], ["a", "b", "c"])
    return table.assign(split=pd.Categorical(table["split"], ["train", "valid", "test"]))


def test_candidates_follow_the_peaks_and_cover_their_split(monkeypatch):
    free = as_pool([("a", "train", 0), ("b", "train", 0), ("c", "valid", 0)])
    free = free.assign(start=0, end=[100_000, 300_000, 100_000])
    targets = as_pool([("a", "train", 5)] * 5)
    monkeypatch.setattr(background, "MIN_CANDIDATES", 0)
    rate = background.candidate_rate(free, targets, 100)  # 30 by chromosome, 30 by split
    assert rate == pytest.approx([30 / 1000 + 30 / 4000, 30 / 4000, 0])
    monkeypatch.setattr(background, "MIN_CANDIDATES", 400)
    rate = background.candidate_rate(free, targets, 100)
    assert rate == pytest.approx([30 / 1000 + 400 / 4000, 400 / 4000, 0])
    monkeypatch.setattr(background, "MIN_CANDIDATES", 40_000)
    assert background.candidate_rate(free, targets, 100).tolist() == [1, 1, 0]


def test_drawn_windows_are_disjoint_and_fill_a_region_at_rate_1():
    free = pd.DataFrame({"start": [0, 1000, 5000], "end": [1000, 1099, 5257]})
    drawn = background.draw_windows(free, np.ones(3), 50, np.random.default_rng(0))
    assert len(drawn) == 20 + 1 + 5
    assert (drawn["start"].diff()[1:] >= 50).all()
    assert drawn["start"].min() >= 0
    assert drawn["start"][20] in range(1000, 1050)
    assert drawn["end"].max() <= 5257
    assert background.draw_windows(free, np.zeros(3), 50, np.random.default_rng(0)).empty


def test_every_position_is_as_likely_to_be_covered_first_as_last():
    free = pd.DataFrame({"start": [0], "end": [100]})
    rng = np.random.default_rng(0)
    starts = [background.draw_windows(free, np.array([0.2]), 10, rng)["start"] for _ in range(500)]
    assert np.mean(np.concatenate(starts)) == pytest.approx(45, abs=1)


def test_windows_that_overlap_each_other_are_counted():
    table = pd.DataFrame({"chrom": list("aaab"), "start": [0, 9, 19, 9], "end": [10, 19, 29, 19]})
    assert background_qc.count_self_overlaps(table) == 1
    assert background_qc.count_self_overlaps(table[1:]) == 0  # touching is not overlapping


def test_every_window_of_the_user_is_kept_or_counted(files, peaks, tmp_path):
    rows = [
        ("2", 30_000, 30_001),
        ("chrU", 10, 20),
        ("1", 10, 20),  # 50 bases before its middle there is no chromosome
        ("1", 22_000, 22_100),  # the gap
        ("1", 320, 340),  # a peak
        ("2", 21_000, 21_100),  # the blacklist
        ("3", 14_720, 14_820),
        ("3", 14_740, 14_840),  # overlaps the line before
        ("4", 20_000, 20_100),
    ]
    source = tmp_path / "mine.bed"
    source.write_text("track name=mine\n" + "".join("\t".join(map(str, r)) + "\n" for r in rows))
    paths = [files[name] for name in ("splits", "regions", "blacklist", "fasta")]
    found, tally = background.user_windows(str(source), peaks, *paths, 1, None, 0)
    assert found[["chrom", "start", "end", "name", "split"]].to_numpy().tolist() == [
        ["chr2", 29_950, 30_050, "background_2", "train"],
        ["chr3", 14_720, 14_820, "background_8", "valid"],
        ["chr4", 20_000, 20_100, "background_10", "test"],
    ]
    counts = {what: count for what, (count, _) in tally.items()}
    assert counts == {
        "intervals_read": 9,
        "dropped_unknown_chromosome": 1,
        "dropped_past_chromosome_end": 1,
        "dropped_with_n": 1,
        "dropped_overlapping_peak": 1,
        "dropped_blacklisted": 1,
        "dropped_across_splits": 0,
        "dropped_overlapping_background": 1,
        "dropped_beyond_ratio": 0,
    }


def test_the_users_windows_are_thinned_to_the_ratio_within_each_split():
    group = np.array(["train"] * 6 + ["test"] * 3, dtype=object)
    limit = pd.Series({"train": 4, "valid": 2, "test": 5})
    exceeds = background.exceeds_limit(group, limit, np.random.default_rng(0))
    assert exceeds[:6].sum() == 2
    assert exceeds[6:].sum() == 0
    again = background.exceeds_limit(group, limit, np.random.default_rng(0))
    assert (exceeds == again).all()


def test_shuffled_peaks_keep_their_coordinates_and_the_unshufflable_are_dropped(tmp_path):
    fasta = tmp_path / "g.fa"
    fasta.write_text(">c\n" + "A" * 20 + "ACGTAGCTTACGGATCAGTC" + "\n")
    index_fasta(str(fasta), "test")
    peaks = pd.DataFrame(
        {"chrom": "c", "start": [0, 20], "end": [20, 40], "name": ["x", "y"], "split": "train"}
    )
    found, tally = background.shuffled_peaks(peaks, str(fasta), 3)
    assert found["name"].tolist() == ["y_bg1", "y_bg2", "y_bg3"]
    assert (found["start"] == 20).all()
    assert tally["dropped_without_shuffle"][0] == 3


def run_script(
    files: dict[str, str],
    tmp_path: Path,
    strategy: str,
    source: str | None = None,
    others: dict[str, str] | None = None,
    shares: dict[str, int] | None = None,
) -> tuple[pd.DataFrame, dict]:
    outputs = {"background_bed": str(tmp_path / "bg.bed"), "qc_tsv": str(tmp_path / "qc.tsv")}
    sample_background(
        **files,
        **outputs,
        source=source,
        pool=source,
        others=others or {},
        aliases=None,
        shares=shares or {strategy: 2},
        gc_tolerance=0.02,
        distance=300,
        min_found=0.5,
        seed=0,
    )
    qc = read_tsv(outputs["qc_tsv"])
    assert list(qc.columns) == ["what", "value", "note"]
    return read_bed(outputs["background_bed"]), dict(zip(qc["what"], qc["value"], strict=True))


def test_the_qc_of_a_genomic_background(files, tmp_path):
    found, qc = run_script(files, tmp_path, "genomic_gc")
    assert len(found) == 240
    for measure in ("with_peaks", "with_blacklist", "with_each_other"):
        assert qc[f"overlaps_{measure}"] == "0"
    assert [qc[f"asked_{split}"] for split in ("train", "valid", "test")] == ["160", "40", "40"]
    assert [qc[f"found_{split}"] for split in ("train", "valid", "test")] == ["160", "40", "40"]
    assert float(qc["gc_distance_after"]) < 0.002 < float(qc["gc_distance_before"])
    assert qc["n_bases"] == "0"
    assert qc["window_length"] == "100"


def test_the_qc_of_a_shuffled_background_measures_the_shuffles(files, tmp_path):
    found, qc = run_script(files, tmp_path, "dinucleotide_shuffle")
    assert len(found) == 240
    assert float(qc["gc_distance_after"]) == 0
    assert qc["overlaps_with_peaks"] == "240"
    assert qc["same_chromosome"] == "1"


def test_a_genome_without_room_is_refused(files, tmp_path):
    blocks = [(name, 0, size) for name, size in SIZES.items()]
    write_bed(pd.DataFrame(blocks), files["blacklist"])
    with pytest.raises(InputError, match=r"found 0 of the 160 .* split train"):
        run_script(files, tmp_path, "genomic_gc")


def test_the_users_windows_are_measured_too(files, tmp_path):
    source = tmp_path / "mine.bed"
    starts = {"chr1": range(30_000, 55_000, 110), "chr2": range(25_000, 39_000, 110)}
    starts |= {name: range(12_000, 29_000, 350) for name in ("chr3", "chr4")}
    rows = [f"{name}\t{start}\t{start + 100}\n" for name, row in starts.items() for start in row]
    source.write_text("".join(rows))
    found, qc = run_script(files, tmp_path, "bed", str(source))
    assert qc["intervals_read"] == str(len(rows))
    assert qc["found_train"] == "160"
    assert sum(int(qc[what]) for what in qc if what.startswith("dropped")) == len(rows) - len(found)
    assert qc["overlaps_with_peaks"] == qc["overlaps_with_each_other"] == "0"
    assert pd.isna(qc["same_chromosome"])


def test_too_few_of_the_users_windows_are_refused(files, tmp_path):
    source = tmp_path / "mine.bed"
    source.write_text("chr1\t40000\t40100\n")
    with pytest.raises(InputError, match=r"mine\.bed: .*found 1 of the 160 .*background.ratio"):
        run_script(files, tmp_path, "bed", str(source))
    source.write_text(Path(files["peaks"]).read_text())
    with pytest.raises(InputError, match=r"found 0 of .* dropped_overlapping_peak 114;"):
        run_script(files, tmp_path, "bed", str(source))


def test_windows_of_a_pool_lie_within_its_regions(files, tmp_path):
    source = tmp_path / "pool.bed"
    rows = [(name, 22_000, 29_000) for name in SIZES] + [("chr2", 35_000, 35_020)]
    source.write_text("".join("\t".join(map(str, row)) + "\n" for row in rows))
    found, qc = run_script(files, tmp_path, "pool", str(source))
    assert len(found) > 120
    in_long = (found["start"] >= 22_000) & (found["end"] <= 29_000)
    assert found[~in_long][BED3].to_numpy().tolist() in ([], [["chr2", 34_960, 35_060]])
    assert qc["overlaps_with_peaks"] == qc["overlaps_with_each_other"] == "0"
    source.write_text("chr1\t20000\t25000\n")
    with pytest.raises(InputError, match=r"pool\.bed: .*found 0 of the 160 .*more regions"):
        run_script(files, tmp_path, "pool", str(source))


@pytest.fixture
def others(files: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """Two experiments with peaks in two thirds of the places of each other, some near own ones."""
    paths = {}
    for name, first in (("SRF", 0), ("MYC", 1)):
        table = pd.concat(
            [
                pd.DataFrame({"chrom": chrom, "start": np.arange(200, size - 200, 150)})
                for chrom, size in SIZES.items()
            ]
        )
        table = table[np.arange(len(table)) % 3 != first]
        names = [f"{name}{i}" for i in range(len(table))]
        table = table.assign(end=table["start"] + LENGTH, name=names, score=0, strand=".")
        paths[name] = str(tmp_path / f"{name}.bed")
        write_bed(table[BED6], paths[name])
    return paths


def test_windows_at_other_peaks_are_clear_of_own_ones_and_of_each_other(files, tmp_path, others):
    found, qc = run_script(files, tmp_path, "other_peaks", others=others)
    places = {tuple(row) for path in others.values() for row in read_bed(path)[BED3].to_numpy()}
    assert {tuple(row) for row in found[BED3].to_numpy()} <= places
    own = read_bed(files["regions"], BED3)
    for chrom, start, end in found[BED3].itertuples(index=False):
        near = own[own["chrom"] == chrom]
        assert ((near["end"] + 300 <= start) | (near["start"] >= end + 300)).all()
    assert qc["overlaps_with_each_other"] == "0"
    assert int(qc["dropped_same_place"]) > 0
    near = int(qc["near_SRF"]) + int(qc["near_MYC"])
    assert near == int(qc["dropped_near_own_peaks"]) > 0
    assert int(qc["found_train"]) > 80
    assert float(qc["gc_distance_after"]) < float(qc["gc_distance_before"])


def test_experiments_take_turns(files, peaks, others):
    paths = [files[name] for name in ("splits", "regions", "blacklist", "fasta")]
    found, tally = other_peaks(others, peaks, *paths, None, 1, 0.1, 300, 0)
    assert found["origin"].value_counts(normalize=True).max() < 0.65
    again, _ = other_peaks(others, peaks, *paths, None, 1, 0.1, 300, 0)
    assert found.equals(again)
    assert tally["near_SRF"][1].split("; ")[1].split()[0] == str((found["origin"] == "SRF").sum())


def test_a_mixture_has_windows_of_each_strategy_once(files, tmp_path, others):
    shares = {"genomic_gc": 1, "other_peaks": 1}
    found, qc = run_script(files, tmp_path, "", others=others, shares=shares)
    assert qc["strategy"] == "genomic_gc + other_peaks"
    assert qc["overlaps_with_peaks"] == qc["overlaps_with_each_other"] == "0"
    assert found["name"].is_unique
    assert set(found["name"].str.rsplit("_bg", n=1).str[1]) == {"1", "2"}
    assert {"genomic_gc_candidates_drawn", "other_peaks_near_SRF"} <= set(qc)


def test_windows_of_the_second_contrast_bear_the_names_of_experiments(files, tmp_path, others):
    outputs = {name: str(tmp_path / name) for name in ("others_bed", "qc_tsv")}
    options = {"ratio": 2, "gc_tolerance": 0.02, "distance": 300, "seed": 0}
    sample_others(**files, **outputs, aliases=None, others=others, **options)
    qc = read_tsv(outputs["qc_tsv"], dtype=str).set_index("what")["value"]
    names = read_bed(outputs["others_bed"])["name"].value_counts()
    assert set(names.index) == {"SRF", "MYC"}
    assert names.sum() == sum(int(qc[f"found_{split}"]) for split in ("train", "valid", "test"))
    assert qc["overlaps_with_peaks"] == qc["overlaps_with_each_other"] == "0"
    first = Path(outputs["others_bed"]).read_bytes()
    sample_others(**files, **outputs, aliases=None, others=others, **options)
    assert Path(outputs["others_bed"]).read_bytes() == first


def test_no_windows_at_other_peaks_are_no_error(files, tmp_path, others):
    outputs = {name: str(tmp_path / name) for name in ("others_bed", "qc_tsv")}
    options = {"ratio": 2, "gc_tolerance": 0.02, "distance": 100_000, "seed": 0}
    sample_others(**files, **outputs, aliases=None, others=others, **options)
    assert Path(outputs["others_bed"]).read_text() == ""


def test_a_bad_file_of_another_experiment_is_left_out(files, tmp_path, others, capsys):
    Path(others["SRF"]).write_text("chr1\tfive\t200\n")
    outputs = {name: str(tmp_path / name) for name in ("others_bed", "qc_tsv")}
    options = {"aliases": None, "ratio": 1, "gc_tolerance": 0.1, "distance": 300, "seed": 0}
    sample_others(**files, **outputs, others=others, **options)
    assert set(read_bed(outputs["others_bed"])["name"]) == {"MYC"}
    assert "WARNING: experiment SRF is left out" in capsys.readouterr().out


def test_too_few_other_peaks_are_refused(files, tmp_path, others):
    few = read_bed(others["SRF"])[:3]
    write_bed(few, others["SRF"])
    with pytest.raises(InputError, match=r"found \d of the 160 .*background\.distance"):
        run_script(files, tmp_path, "other_peaks", others={"SRF": others["SRF"]})


def test_peaks_outside_the_splits_are_refused(files, tmp_path):
    write_bed(pd.DataFrame([("chr1", 0, 60_000, "train")]), files["splits"])
    with pytest.raises(InputError, match=r"80 windows .*p40 \(chr2:"):
        run_script(files, tmp_path, "genomic_gc")


def test_yeast_background_has_the_gc_of_its_peaks(shared_data, tmp_path):
    fasta = str(tmp_path / "yeast.fa")
    Path(fasta).write_bytes(
        gzip.decompress((shared_data / "yeast/S_cerevisiae.fa.gz").read_bytes())
    )
    index_fasta(fasta, "test")
    sizes = chrom_sizes(fasta)
    rng = np.random.default_rng(0)
    chrom = np.repeat(sizes.index[:16].to_numpy(), 30)
    start = np.sort(rng.integers(0, sizes.iloc[:16].min() - 200, (16, 30))).ravel()
    peaks = pd.DataFrame({"chrom": chrom, "start": start, "end": start + 200})
    peaks["name"] = [f"p{i}" for i in range(len(peaks))]
    peaks["split"] = "train"
    files = {name: str(tmp_path / name) for name in ("splits", "regions", "blacklist")}
    write_bed(merge(peaks, f"{fasta}.fai"), files["regions"])
    write_bed(peaks[:0][BED3], files["blacklist"])
    blocks = pd.DataFrame({"chrom": sizes.index, "start": 0, "end": sizes.to_numpy()})
    write_bed(blocks.assign(split="train"), files["splits"])
    found, _ = draw_background({**files, "fasta": fasta}, peaks, ratio=5)
    fractions = []
    for table in (peaks, found):
        gc, n = gc_matching.count_gc_and_n(
            table, lambda rows: background.fetch_windows(rows, fasta)
        )
        assert not n.any()
        fractions.append(gc / 200)
    assert len(found) == 5 * len(peaks)
    assert gc_matching.gc_distance(*fractions) < 0.0005
