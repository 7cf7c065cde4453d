"""From a hand-made dataset.h5 and activations.h5 to named families, through all motif scripts."""

import shutil

import h5py
import numpy as np
import pandas as pd
import pytest
from ablate_kernels import ablate_kernels
from describe_kernels import describe_kernels
from draw_kernels import draw_kernels
from group_families import group_families
from name_motifs import name_motifs
from peaks2motifs.core.arrays import write_arrays
from peaks2motifs.core.sequences import decode, encode, one_hot, reverse_complement
from peaks2motifs.core.tables import SITE_COLUMNS, read_bed, read_tsv, write_tsv
from peaks2motifs.data.dataset import read_rows
from peaks2motifs.model.activations import Activations, read_activations, write_activations
from peaks2motifs.motifs.family_names import join_patterns, named_after_targets
from peaks2motifs.motifs.kernel_sites import count_sites, list_sites
from peaks2motifs.motifs.kernel_table import KERNEL_COLUMNS
from peaks2motifs.motifs.meme import read_meme, write_meme
from peaks2motifs.motifs.motif import Limits, Motif, base_frequencies
from peaks2motifs.motifs.published_rules import name_kernel_motifs, published_limits
from peaks2motifs.motifs.rule_results import RuleResult, write_result
from scan_sites import scan_sites

LENGTH, SITE = 60, "TGACCTTTGACCC"
LIMITS = Limits(10, 5, 5, 0.25, 1)
NAMES = {
    "kernels": "kernel_families.tsv",
    "families": "family_evidence.tsv",
    "motifs": "motifs.meme",
    "family_motifs": "family_motifs.meme",
    "without_test": "family_motifs_without_test.meme",
    "sites": "sites.bed.gz",
}
# A kernel for the whole site, one for its right half, a random one, and one that never fires.
KERNELS = [SITE, SITE[5:], "CATGAACG", "AAAAAAAA"]
WIDTH = max(map(len, KERNELS))


def simulate(rng, n):
    """Random windows (n, 60); every other one is a peak with a site, half of them reversed."""
    codes = rng.integers(0, 4, (n, LENGTH)).astype(np.uint8)
    label = (np.arange(n) % 2 == 0).astype(np.uint8)
    for i in np.flatnonzero(label):
        site = encode([SITE])[0]
        start = rng.integers(10, LENGTH - 25)
        codes[i, start : start + len(site)] = site if i % 4 else reverse_complement(site)
    return codes, label


def activate(codes, kernel):
    """Best match of a kernel on both strands: activation, leftmost base, strand."""
    weights = one_hot(encode([kernel]))[0].astype(float)
    spans = np.lib.stride_tricks.sliding_window_view(one_hot(codes), len(kernel), axis=1)
    forward = np.einsum("npbw,wb->np", spans, weights)
    backward = np.einsum("npbw,wb->np", spans, weights[::-1, ::-1])
    both = np.maximum(forward, backward)
    place = both.argmax(axis=1)
    rows = np.arange(len(codes))
    return both[rows, place], place, backward[rows, place] > forward[rows, place]


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    """Write dataset.h5, activations.h5, peaks.bed and a database; return their folder."""
    folder = tmp_path_factory.mktemp("inputs")
    rng = np.random.default_rng(5)
    record = [("chrom", "S8"), ("start", "i8"), ("end", "i8"), ("name", "S12"), ("strand", "S1")]
    parts = []
    with h5py.File(folder / "dataset.h5", "w") as file:
        for chrom, (split, n) in enumerate({"train": 240, "valid": 40, "test": 80}.items()):
            codes, label = simulate(rng, n)
            rows = [
                (f"c{3 - chrom}", 100 * i, 100 * i + 60, f"pé{i}".encode(), "+") for i in range(n)
            ]
            file[f"x_{split}"], file[f"y_{split}"] = one_hot(codes), label
            file[f"windows_{split}"] = np.array(rows, record)
            parts.append((codes, label, np.arange(n), np.full(n, split)))
    codes, *origin = (np.concatenate(part) for part in zip(*parts, strict=True))
    best, position, reverse = (
        np.stack(x, axis=1) for x in zip(*(activate(codes, k) for k in KERNELS), strict=True)
    )
    best[:, 3] = 0
    sites = best.astype(np.float32), position.astype(np.int16), reverse
    names = np.array([f"k{i:03d}" for i in range(len(KERNELS))])
    width = np.array([len(k) for k in KERNELS], np.int16)
    layer, replicate = np.full(len(KERNELS), "kernels_8"), np.zeros(len(KERNELS), int)
    seen = Activations(*sites, *origin, names, width, layer, replicate)
    write_activations(str(folder / "activations.h5"), seen, both_strands=True)
    bed = [f"c{c}\t0\t60\tp\t0\t+" for c in (3, 2, 1)]
    (folder / "peaks.bed").write_text("\n".join(bed) + "\n")
    ppms = rng.dirichlet(np.full(4, 0.25), size=(60, 10))
    known = [Motif(f"R{i}", "", ppm, 20) for i, ppm in enumerate(ppms)]
    known.append(Motif("MA1", "PLANTED", one_hot(encode([SITE]))[0] * 0.96 + 0.01, 20))
    write_meme(known, str(folder / "database.meme"))
    return folder


def write_sites(inputs, path, rule, splits):
    """Write rules/<rule>.h5: by the default rule, or what danq would find on both strands."""
    dataset, activations_file = str(inputs / "dataset.h5"), str(inputs / "activations.h5")
    if rule == "scan":
        options = {"splits": splits, "flank": 6, "max_background": 0.1, "limits": LIMITS}
        scan_sites(dataset, activations_file, str(path), has_summits=True, **options)
        return
    activations = read_activations(activations_file)
    codes, _ = read_rows(dataset, activations.split, activations.row)
    is_peak = activations.label == 1
    sites = list_sites(activations, (activations.best > 0) & is_peak[:, None])
    counts = count_sites(codes, sites, activations.width, 0)
    result = RuleResult(
        kernel=name_kernel_motifs(rule, activations.kernel),
        width=activations.width,
        counts=counts,
        matrix=counts,
        nsites=np.bincount(sites.kernel, minlength=len(KERNELS)),
        threshold=np.zeros(len(KERNELS)),
        background=base_frequencies(codes[(activations.split == "train") & ~is_peak]),
        sites=sites,
        flank=0,
        limits=published_limits(rule),
        counted=rule != "raw",
        summit_window=LENGTH,
    )
    write_result(str(path), result)


def run(inputs, folder, rule="scan", max_families=30, splits="source"):
    """Run all motif scripts but the ablation; return the paths of what they wrote."""
    folder.mkdir(exist_ok=True)
    sites, table, arrays, ablation = (
        str(folder / name)
        for name in ("rule.h5", "kernel_evidence.tsv", "kernels.h5", "ablation.tsv")
    )
    write_sites(inputs, sites, rule, splits)
    describe_kernels(str(inputs / "activations.h5"), sites, table, arrays)
    grouped = {key: str(folder / name) for key, name in NAMES.items()}
    group_families(
        dataset=str(inputs / "dataset.h5"),
        activations_file=str(inputs / "activations.h5"),
        sites=sites,
        kernels=table,
        peaks=str(inputs / "peaks.bed"),
        output=grouped,
        flank=6,
        max_background=0.1,
        max_families=max_families,
        limits=LIMITS,
        grouping={"max_p": 1e-4, "min_overlap": 0.6},
    )
    rows = {"name": ["F1", "k001"], "ablation": [0.25, 0.1], "ablation_se": [0.02, 0.01]}
    write_tsv(pd.DataFrame(rows), ablation)
    files = {key: grouped[key] for key in ("motifs", "family_motifs", "families")}
    files |= {"kernels": table, "kernel_families": grouped["kernels"], "sites": sites}
    files |= {"ablation": ablation, "database": str(inputs / "database.meme")}
    files["kmer_shares"] = str(folder / "kmer_shares.tsv")
    write_tsv(pd.DataFrame({"kmer": ["TGACCT", "CATTAG"]}), files["kmer_shares"])
    named = {key: str(folder / f"{key}.tsv") for key in ("tomtom", "families", "kernels", "kmers")}
    named["meme"] = str(folder / "families.meme")
    name_motifs(files, named, q_value=0.1, shuffles=10, seed=0, threads=1)
    between = {"kernel_evidence": table, "arrays": arrays, "kernel_families": grouped["kernels"]}
    return grouped | between | named


@pytest.fixture(scope="module")
def scan(inputs, tmp_path_factory):
    return run(inputs, tmp_path_factory.mktemp("scan"))


def test_kmers_are_listed_with_similar_families(scan):
    kmers = read_tsv(scan["kmers"]).fillna("")
    verdict = read_tsv(scan["families"])["verdict"][0]
    expected = [["TGACCT", "F1", verdict], ["CATTAG", "", ""]]
    assert kmers[["kmer", "family", "verdict"]].to_numpy().tolist() == expected


def test_danq_is_counts_over_their_sum_and_the_whole_width(inputs, tmp_path):
    found = run(inputs, tmp_path, rule="danq")
    motifs = {m.name: m for m in read_meme(found["motifs"])[0]}
    with h5py.File(found["arrays"]) as file:
        counts, width = file["counts"][:], file["width"][:]
        best, label = file["best"][:], file["label"][:]
    for kernel, motif in ((k, motifs[f"k00{k}"]) for k in range(3)):
        assert motif.nsites == ((best[:, kernel] > 0) & (label == 1)).sum()
        mine = counts[kernel, : width[kernel]]
        np.testing.assert_allclose(motif.ppm, mine / mine.sum(axis=1, keepdims=True), atol=1e-6)
    assert "k003" not in motifs  # it never fires


def test_families_are_ordered_by_importance_up_to_the_limit(inputs, tmp_path):
    everything = read_tsv(run(inputs, tmp_path / "all", "danq")["families"])
    assert everything["importance"].is_monotonic_decreasing
    table = read_tsv(run(inputs, tmp_path / "one", "danq", max_families=1)["kernels"])
    beyond = table[(table["status"] == "motif") & table["family"].isna()]
    assert len(everything) > 1
    assert len(beyond) > 0
    assert beyond["reason"].str.contains("motifs.max_families", regex=False).all()


def test_every_kernel_is_listed_with_its_status(scan):
    table = read_tsv(scan["kernels"])
    assert table["kernel"].tolist() == ["k000", "k001", "k002", "k003"]
    assert table["status"].tolist()[:2] == ["motif", "motif"]
    assert table["status"][3] == "dead"
    assert table["lacks"].fillna("").tolist()[::3] == ["", "variation"]
    counts = ["peaks_hit", "test_peaks", "background_hit", "test_background"]
    assert table.loc[0, counts].tolist() == [40, 40, 0, 40]
    assert table["reason"].notna().all()
    assert table["number"].tolist() == [0, 1, 2, 3]
    assert table["nsites"][0] == 180
    assert table["test_auroc"][0] == 1


def test_a_narrow_kernel_shows_the_whole_site_and_joins_its_family(scan):
    motifs = {m.name: m for m in read_meme(scan["motifs"])[0]}
    spelled = decode(motifs["k001"].ppm.argmax(axis=1)[None])[0]
    assert spelled == SITE
    assert motifs["k000"].nsites == 180
    table = read_tsv(scan["kernels"])
    assert table["family"].tolist()[:2] == ["F1", "F1"]


def test_the_first_family_is_enriched_and_named(scan):
    table = read_tsv(scan["families"])
    first = table.iloc[0]
    assert first["family"] == "F1"
    assert first["rank"] == 1
    assert first["members"] == "k000,k001"
    assert (first["target_id"], first["target_name"]) == ("MA1", "PLANTED")
    assert first["target_q"] < 1e-6
    assert 0 < first["empirical_fdr"] <= 0.1
    assert first["verdict"] == "supported"
    assert (first["peaks_hit"], first["test_peaks"]) == (40, 40)
    assert "100 % of 40" in first["reason"]
    assert (table["verdict"][1:] == "unsupported").all()
    assert (first["ablation"], first["ablation_se"]) == (0.25, 0.02)
    kernels = [m.name for m in read_meme(scan["motifs"])[0]]
    families = read_meme(scan["family_motifs"])[0]
    assert table["representative"].tolist() == [m.name for m in families]
    assert table["medoid"].tolist() == [m.alternate for m in families]
    assert set(table["medoid"]) <= set(kernels)
    rows = dict.fromkeys(read_tsv(scan["tomtom"], comment="#")["Query_ID"])
    assert list(rows) == [m.name for m in families] + kernels


def test_families_are_called_after_the_motifs_that_they_are_named_after(scan):
    derived, background = read_meme(scan["family_motifs"])
    motifs, same = read_meme(scan["meme"])
    assert [m.name for m in motifs] == [m.name for m in derived]
    assert all((m.ppm == d.ppm).all() for m, d in zip(motifs, derived, strict=True))
    assert (same == background).all()
    assert motifs[0].alternate == "PLANTED"
    columns = ["target_name", "target_q", "empirical_fdr"]
    rows = [("A", 0.04, 0.1), ("B", 0.06, 0.1), ("C", 0.04, 0.3), (None, None, None)]
    given = named_after_targets(motifs[:1] * 4, pd.DataFrame(rows, columns=columns))
    assert [m.alternate for m in given] == ["A", "", "", ""]


def test_families_list_the_patterns_that_are_like_them(scan, tmp_path):
    families = pd.DataFrame({"family": ["F1", "F2"]})
    rows = [("pattern1", "F2"), ("pattern2", ""), ("pattern3", "F2")]
    write_tsv(pd.DataFrame(rows, columns=["pattern", "family"]), tmp_path / "modisco.tsv")
    table = read_tsv(tmp_path / "modisco.tsv")
    joined = join_patterns(families, table)["patterns"]
    assert joined.fillna("").tolist() == ["", "pattern1,pattern3"]
    for none in (table[1:2], table[:0]):
        assert join_patterns(families, none)["patterns"].isna().all()
    assert "patterns" not in read_tsv(scan["families"])


def test_the_familys_motif_is_that_of_all_its_sites(scan):
    first = read_meme(scan["family_motifs"])[0][0]
    assert first.nsites == 180
    assert decode(first.ppm.argmax(axis=1)[None])[0] == SITE
    pooled = read_bed(scan["sites"], SITE_COLUMNS)
    assert set(pooled.loc[pooled["name"] == "F1", "kernel"]) <= {"k000", "k001"}


def test_other_bases_in_test_windows_change_published_matrices_alone(inputs, scan, tmp_path):
    shutil.copytree(inputs, tmp_path / "inputs")
    with h5py.File(tmp_path / "inputs/dataset.h5", "r+") as file:
        file["x_test"][:] = file["x_test"][:][::-1]
    changed = run(tmp_path / "inputs", tmp_path / "changed")
    before, after = (read_meme(paths["family_motifs"])[0][0] for paths in (scan, changed))
    assert before.nsites == after.nsites == 180
    assert np.abs(before.ppm - after.ppm).max() > 0.1
    before, after = (read_meme(paths["without_test"])[0][0] for paths in (scan, changed))
    assert before.nsites == after.nsites == 140
    assert np.array_equal(before.ppm, after.ppm)
    assert (before.name, decode(before.ppm.argmax(axis=1)[None])[0]) == ("F1", SITE)


def test_kernel_table_holds_the_ablation_of_each_kernel(scan):
    table = read_tsv(scan["kernels"])
    assert list(table.columns) == [*KERNEL_COLUMNS, "ablation", "ablation_se"]
    assert table["ablation"].tolist()[1] == 0.1
    assert table["ablation"].isna().tolist() == [True, False, True, True]


def test_sites_lie_where_they_were_planted(inputs, scan):
    sites = read_bed(scan["sites"], SITE_COLUMNS)
    assert list(dict.fromkeys(sites["chrom"])) == ["c3", "c2", "c1"]
    assert sites["start"].groupby(sites["chrom"]).apply(lambda s: s.is_monotonic_increasing).all()
    own = sites[sites["name"] == "F1"]
    assert len(own) == 180
    assert (own["end"] - own["start"] == len(SITE)).all()
    assert own["score"].between(0, 1000).all()
    with h5py.File(inputs / "dataset.h5") as file:
        bases = file["x_test"][:].argmax(axis=2).astype(np.uint8)
    test = own[own["chrom"] == "c1"]
    for start, strand in zip(test["start"], test["strand"], strict=True):
        found = bases[start // 100, start % 100 : start % 100 + len(SITE)]
        found = found if strand == "+" else reverse_complement(found)
        assert decode(found[None])[0] == SITE


def test_arrays_lie_behind_the_table(scan):
    with h5py.File(scan["arrays"]) as file:
        assert file["counts"].shape == (4, WIDTH + 12, 4)
        assert file["best"].shape == (360, 4)
        assert file.attrs["flank"] == 6
        assert file["counts"][0, 6 : 6 + len(SITE)].sum() == 180 * len(SITE)


def test_danq_counts_what_the_kernel_saw_and_no_more(inputs, tmp_path):
    found = run(inputs, tmp_path, rule="danq")
    table = read_tsv(found["kernels"])
    assert table["threshold"].eq(0).all()
    assert table["nsites"].tolist() == [180, 180, 180, 0]
    with h5py.File(found["arrays"]) as file:
        assert file["counts"].shape == (4, WIDTH, 4)
        assert (file["counts"][0].sum(axis=1) == 180).all()


def test_motifs_of_raw_weights_are_named_so_and_claim_no_sites(inputs, tmp_path):
    found = run(inputs, tmp_path, rule="raw")
    table = read_tsv(found["kernels"])
    assert table["kernel"].tolist() == ["k000_raw", "k001_raw", "k002_raw", "k003_raw"]
    assert table["nsites"].isna().all()
    assert table["status"].tolist() == ["motif"] * 3 + ["dead"]
    motifs = read_meme(found["motifs"])[0]
    assert [(m.name, m.nsites) for m in motifs] == [(f"k00{k}_raw", 0) for k in range(3)]
    with open(found["motifs"]) as file:
        assert "nsites" not in file.read()
    assert len(read_bed(found["sites"], SITE_COLUMNS)) > 0


@pytest.mark.parametrize("rule", ["scan", "raw"])
def test_kernels_are_drawn_under_the_names_of_their_motifs(rule, inputs, tmp_path):
    made = run(inputs, tmp_path / rule, rule)
    shape = (2, len(KERNELS), LENGTH)  # of background and peaks
    maps = {name: np.zeros(shape, np.float32) for name in ("mean", "deviation")}
    write_arrays(str(tmp_path / "maps.h5"), maps | {"first": np.zeros(len(KERNELS))})
    draw_kernels(
        kernels=made["kernels"],
        motifs=made["motifs"],
        rule=str(tmp_path / rule / "rule.h5"),
        activations=str(inputs / "activations.h5"),
        maps=str(tmp_path / "maps.h5"),
        folder=str(tmp_path / "kernels"),
        heat_map=[str(tmp_path / "clustering.svg")],
        shown="all",
        label=None,
    )
    drawn = sorted(path.stem for path in (tmp_path / "kernels").glob("*.svg"))
    assert drawn == [motif.name for motif in read_meme(made["motifs"])[0]]
    assert drawn[0] == {"scan": "k000", "raw": "k000_raw"}[rule]


def test_sites_are_counted_in_the_chosen_splits(inputs, tmp_path):
    table = read_tsv(run(inputs, tmp_path, splits="test")["kernels"])
    assert table["nsites"][0] == 40


def test_results_repeat_to_the_byte(inputs, scan, tmp_path):
    again = run(inputs, tmp_path)
    for key, path in scan.items():
        with open(path, "rb") as first, open(again[key], "rb") as second:
            assert first.read() == second.read(), key


def test_windows_are_read_in_the_order_asked(inputs):
    split, row = np.array(["test", "train", "test"]), np.array([7, 3, 0])
    codes, windows = read_rows(str(inputs / "dataset.h5"), split, row)
    with h5py.File(inputs / "dataset.h5") as file:
        for i in range(3):
            assert (one_hot(codes[[i]])[0] == file[f"x_{split[i]}"][row[i]]).all()
    assert windows["chrom"].tolist() == ["c1", "c3", "c1"]
    assert windows["start"].tolist() == [700, 300, 0]
    assert windows["name"].tolist() == ["pé7", "pé3", "pé0"]


@pytest.mark.parametrize("kernels", [4, 0])
def test_no_motif_at_all_gives_empty_tables(inputs, tmp_path, kernels):
    seen = read_activations(str(inputs / "activations.h5"))
    folder = tmp_path / "silent"
    folder.mkdir()
    some = {x: getattr(seen, x)[..., :kernels] for x in ("best", "position", "reverse")}
    some |= {x: getattr(seen, x)[:kernels] for x in ("kernel", "width", "layer", "replicate")}
    silent = seen._replace(**some | {"best": np.zeros_like(some["best"])})
    write_activations(str(folder / "activations.h5"), silent, both_strands=True)
    for name in ("dataset.h5", "peaks.bed", "database.meme"):
        (folder / name).symlink_to(inputs / name)
    found = run(folder, tmp_path / "out")
    assert read_tsv(found["kernels"])["status"].eq("dead").all()
    ablation = str(tmp_path / "ablation.tsv")
    tables = found["kernel_evidence"], found["kernel_families"]
    ablate_kernels("", "", *tables, ablation, column=0, batch_size=1, keras={})
    assert read_tsv(ablation).empty
    assert read_tsv(found["families"]).empty
    assert read_tsv(found["tomtom"], comment="#").empty
    assert read_bed(found["sites"], SITE_COLUMNS).empty
