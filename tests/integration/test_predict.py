"""`snakemake predict` with a network of the demo: sequences, regions, and its whole genome."""

import numpy as np
import pandas as pd
import pyBigWig
import pytest
import yaml
from peaks2motifs.core.sequences import decode
from peaks2motifs.core.tables import read_tsv
from peaks2motifs.data.genome import chrom_sizes, fetch_codes
from peaks2motifs.data.splits import SPLITS

from .conftest import copy_demo, edited_module, snakemake
from .test_reruns import planned

PREDICT = {
    "new": {"experiment": "SRF", "sequences": "new.fa"},
    "sites": {"experiment": ["SRF", "CTCF"], "regions": "new.bed", "genome": "demo"},
    "all": {"experiment": "SRF", "genome": "demo", "stride": 100},
}
COMMAND = ["predict", "--cores", "2", "--configfile", "predict.yaml"]


@pytest.fixture(scope="module")
def folder(demo, tmp_path_factory):
    """A copy of the demo in which all of `PREDICT` has run."""
    folder = copy_demo(demo, tmp_path_factory.mktemp("predict") / "demo")
    config = yaml.safe_load((folder / "config/config.yaml").read_text())
    (folder / "predict.yaml").write_text(yaml.safe_dump(config | {"predict": PREDICT}))
    sites = planted(folder).head(30)
    fasta = str(folder / "results/genomes/demo/genome.fa")
    codes = fetch_codes(fasta, sites["chrom"].to_numpy(), sites["start"].to_numpy() - 30, 80)
    random = np.random.default_rng(1).integers(0, 4, codes.shape, np.uint8)
    names = [f"{kind}_{i}" for kind in ("planted", "random") for i in range(len(sites))]
    sequences = zip(names, decode(np.vstack([codes, random])), strict=True)
    (folder / "new.fa").write_text("".join(f">{name}\n{text}\n" for name, text in sequences))
    known = known_scores(folder)
    lines = known["chrom"].str.removeprefix("chr") + "\t" + known["start"].astype(str)
    lines += "\t" + known["end"].astype(str) + "\t" + known["name"] + "\n"
    (folder / "new.bed").write_text("".join(lines) + "2\t100000\t100500\twide\nX\t5\t9\tnowhere\n")
    snakemake(folder, *COMMAND)
    return folder


def planted(folder) -> pd.DataFrame:
    truth = read_tsv(folder / "resources/demo/truth.tsv", dtype={"experiment": str, "peak": str})
    return truth[(truth["experiment"] == "SRF") & (truth["role"] == "planted")]


def known_scores(folder) -> pd.DataFrame:
    """Some windows that the network has scored already, peaks and background."""
    table = read_tsv(folder / "results/SRF/predictions.tsv.gz")
    return table[table["split"].isin(SPLITS)].iloc[::20]


def test_a_second_run_has_nothing_to_do(folder):
    assert "Nothing to be done" in snakemake(folder, *COMMAND)


def test_planted_sites_score_higher_than_random_sequences(folder):
    table = read_tsv(folder / "results/SRF/predict/new.tsv.gz")
    assert (table["note"] == "padded").all()  # 80 bases in windows of 200
    kind = table["name"].str.split("_").str[0]
    median = table.groupby(kind)["score"].median()
    assert median["planted"] > 0.5 > 0.35 > median["random"]


def test_the_networks_own_windows_get_the_scores_they_had(folder):
    table = read_tsv(folder / "results/SRF/predict/sites.tsv.gz").set_index("name")
    known = known_scores(folder).set_index("name")
    found = table.loc[known.index]
    assert (found[["chrom", "start", "end"]] == known[["chrom", "start", "end"]]).all(axis=None)
    np.testing.assert_allclose(found["score"], known["score"], atol=2e-5)
    other = read_tsv(folder / "results/CTCF/predict/sites.tsv.gz").set_index("name")
    assert not np.allclose(other.loc[known.index, "score"], known["score"], atol=0.05)


def test_every_region_is_accounted_for(folder):
    best = read_tsv(folder / "results/SRF/predict/sites.best.tsv.gz").set_index("name")
    assert best.loc["wide", ["windows", "scored"]].tolist() == [7, 7]
    assert best.loc["nowhere", ["chrom", "scored", "note"]].tolist() == [
        "X",
        0,
        "unknown_chromosome",
    ]
    assert "unknown_chromosome      1" in (folder / "logs/SRF/predict/sites.log").read_text()
    assert len(best) == len(known_scores(folder)) + 2


def test_windows_at_planted_sites_stand_out_of_the_genome(folder):
    table = read_tsv(folder / "results/SRF/predict/all.tsv.gz")
    sizes = chrom_sizes(str(folder / "results/genomes/demo/genome.fa"))
    assert table.groupby("chrom", sort=False)["end"].max().to_dict() == sizes.to_dict()
    has_site = np.zeros(len(table), bool)
    for site in planted(folder).itertuples():
        inside = (table["start"] + 30 < site.start) & (site.end < table["end"] - 30)
        has_site |= ((table["chrom"] == site.chrom) & inside).to_numpy()
    score = table["score"]
    assert score[has_site].median() > 0.5 > 0.2 > score[~has_site].median()
    assert (table.loc[score.isna(), "note"] == "too_many_n").all()


def test_bedgraph_and_bigwig_hold_the_mean_over_windows(folder):
    paths = folder / "results/SRF/predict/all.bedgraph.gz", folder / "results/SRF/predict/all.bw"
    track = pd.read_csv(paths[0], sep="\t", names=["chrom", "start", "end", "value"])
    with pyBigWig.open(str(paths[1])) as file:
        found = [(chrom, *row) for chrom in file.chroms() for row in file.intervals(chrom)]
    assert [row[:3] for row in found] == list(track.iloc[:, :3].itertuples(index=False, name=None))
    np.testing.assert_array_equal([row[3] for row in found], track["value"].astype(np.float32))
    windows = read_tsv(folder / "results/SRF/predict/all.tsv.gz").dropna(subset="score")
    for row in track.iloc[::997].itertuples():
        over = windows[(windows["chrom"] == row.chrom) & (windows["start"] < row.end)]
        over = over[over["end"] > row.start]
        assert row.value == pytest.approx(over["score"].mean(), abs=1e-6)


@pytest.mark.parametrize(
    ("module", "rules"),
    [
        ("model/prediction", {"predict_windows", "write_tracks"}),
        ("model/tracks", {"write_tracks"}),
    ],
)
def test_an_edit_of_a_module_reruns_what_it_touches(folder, module, rules):
    with edited_module(folder, module):
        printed = snakemake(folder, "--dry-run", *COMMAND)
    assert planned(printed) == {*rules, "predict"}


def test_an_edit_of_the_fasta_reader_reruns_genomes_and_predictions(folder):
    with edited_module(folder, "data/fasta"):
        printed = snakemake(folder, "--dry-run", *COMMAND)
    assert planned(printed) >= {"prepare_genome", "predict_windows", "write_tracks", "predict"}


def test_another_stride_reruns_one_prediction(folder):
    config = yaml.safe_load((folder / "predict.yaml").read_text())
    config["predict"]["all"]["stride"] = 200
    (folder / "other.yaml").write_text(yaml.safe_dump(config))
    printed = snakemake(folder, "--dry-run", *COMMAND[:-1], "other.yaml")
    assert planned(printed) == {"predict_windows", "write_tracks", "predict"}
    assert "predict/sites" not in printed.partition("rule predict:")[0]


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ({"genome": "demo"}, "config: predict.new: 'experiment' is a required property"),
        ({"experiment": "SRF"}, "config: predict.new: no input"),
        ({"experiment": "SRF", "regions": "Snakefile"}, "predict.new: regions"),
        ({"experiment": "X", "genome": "demo"}, "predict.new.experiment: 'X'"),
        ({"experiment": "SRF", "genome": "hg"}, "predict.new.genome: 'hg'"),
        ({"experiment": "SRF", "sequences": "x.fa"}, "predict.new.sequences: no file x.fa"),
        ({"experiment": "SRF", "genome": "demo", "stride": 0}, "predict.new.stride: 0"),
        ({"experiment": "SRF", "genome": "demo", "classes": ["x"]}, "predict.new: Additional prop"),
    ],
)
def test_bad_predictions_stop_before_any_job(project, part, message):
    path = project / "config/config.yaml"
    config = yaml.safe_load(path.read_text()) | {"predict": {"new": part}}
    path.write_text(yaml.safe_dump(config))
    printed = snakemake(project, "predict", "--dry-run", fails=True)
    assert message in printed
    assert "Job stats" not in printed


def test_without_a_section_there_is_nothing_to_predict(project):
    assert "config: predict: " in snakemake(project, "predict", "-n", fails=True)
