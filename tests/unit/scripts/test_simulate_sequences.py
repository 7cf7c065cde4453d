"""Files of the simulator agree with each other and repeat by seed; bad options are refused."""

from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import pytest
from peaks2motifs.core.joblog import InputError
from peaks2motifs.core.sequences import decode, encode, reverse_complement
from peaks2motifs.core.tables import read_bed
from peaks2motifs.data.dataset import read_split
from peaks2motifs.data.splits import SPLITS
from peaks2motifs.motifs.meme import read_meme, write_meme
from peaks2motifs.motifs.motif import Motif
from simulate_sequences import simulate_sequences

FILES = {
    "sequences": "sequences.fa",
    "background": "background.fa",
    "sites": "sites.bed",
    "motifs": "motifs.meme",
    "dataset": "dataset.h5",
}
TOY1 = {
    "motifs": ["MA0149.1"],
    "motifs_per_sequence": "all",
    "database": "jaspar",
    "length": 40,
    "sequences": 1200,
    "background": 1200,
    "position": "centre",
    "spacing": None,
    "strand": "+",
    "gc": 0.5,
    "pseudocount": 0,
    "valid": 100,
    "test": 100,
    "seed": 1,
}


def run(folder: Path, **changes) -> Path:
    folder.mkdir(exist_ok=True)
    paths = {name: str(folder / file) for name, file in FILES.items()}
    simulate_sequences("toy1", TOY1 | changes, "JASPAR2026", "blosc", **paths)
    return folder


@pytest.fixture(scope="module")
def toy1(tmp_path_factory) -> Path:
    return run(tmp_path_factory.mktemp("toy1"))


def read_fasta(path: Path) -> dict[str, str]:
    lines = path.read_text().split("\n")
    return dict(zip((name[1:] for name in lines[:-1:2]), lines[1::2], strict=True))


def test_toy1_is_the_founding_documents_data(toy1):
    sequences, background = (read_fasta(toy1 / FILES[n]) for n in ("sequences", "background"))
    assert list(sequences) == [f"sequence_{i}" for i in range(1, 1201)]
    assert list(background) == [f"background_{i}" for i in range(1, 1201)]
    assert {len(s) for s in [*sequences.values(), *background.values()]} == {40}
    sites = read_bed(str(toy1 / "sites.bed"))
    assert sites["chrom"].tolist() == list(sequences)
    assert sites[["start", "end"]].drop_duplicates().to_numpy().tolist() == [[11, 29]]
    assert set(sites["name"] + sites["strand"]) == {"MA0149.1+"}
    codes = encode([s[11:29] for s in sequences.values()])
    assert decode(np.array([np.bincount(c, minlength=4).argmax() for c in codes.T])[None]) == [
        "GGAA" * 4 + "GG"
    ]
    (motif,), _ = read_meme(str(toy1 / "motifs.meme"))
    assert motif.nsites == 105
    found = np.stack([(codes == base).mean(axis=0) for base in range(4)], axis=1)
    np.testing.assert_allclose(found, motif.ppm, atol=0.03)
    assert not found[motif.ppm == 0].any()  # no pseudocount: what JASPAR never saw is not drawn


def test_the_data_set_holds_the_same_sequences_stratified(toy1):
    fasta = read_fasta(toy1 / "sequences.fa") | read_fasta(toy1 / "background.fa")
    names = []
    for split, size in zip(SPLITS, (1000, 100, 100), strict=True):
        codes, y, windows = read_split(str(toy1 / "dataset.h5"), split)
        assert np.bincount(y).tolist() == [size, size]
        assert decode(codes) == [fasta[name] for name in windows["name"]]
        assert (y == windows["name"].str.startswith("sequence")).all()
        assert (windows["chrom"] == windows["name"]).all()
        assert windows[["start", "end"]].drop_duplicates().to_numpy().tolist() == [[0, 40]]
        assert set(windows["strand"]) == {"+"}
        names += list(windows["name"])
    assert sorted(names) == sorted(fasta)
    with h5py.File(toy1 / "dataset.h5") as file:
        assert file.attrs["experiment"] == "toy1"
        assert '"seed": 1' in file.attrs["simulation"]


def test_the_seed_decides_every_byte_and_0_is_one(toy1, tmp_path):
    again, zero, null = (run(tmp_path / str(seed), seed=seed) for seed in (1, 0, 2))
    for name in FILES.values():
        assert (again / name).read_bytes() == (toy1 / name).read_bytes()
    for name in ("sequences.fa", "background.fa", "dataset.h5"):
        assert len({(folder / name).read_bytes() for folder in (toy1, zero, null)}) == 3


def test_several_motifs_of_a_meme_file_on_both_strands(tmp_path):
    source = str(tmp_path / "mine.meme")
    ppms = {"long": np.eye(4)[[0, 1, 2, 2, 0, 1]], "short": np.eye(4)[[3, 3, 2]]}
    write_meme([Motif(name, "", ppm, 30) for name, ppm in ppms.items()], source)
    changes = {"database": source, "motifs": ["short", "long", "short"], "length": 15}
    changes |= {"sequences": 200, "valid": 0.15, "strand": "both", "position": "uniform"}
    folder = run(tmp_path / "out", **changes)
    fasta, sites = read_fasta(folder / "sequences.fa"), read_bed(str(folder / "sites.bed"))
    assert sites["name"].value_counts().to_dict() == {"short": 400, "long": 200}
    for site in sites.itertuples():
        codes = encode([fasta[site.chrom][site.start : site.end]])
        codes = codes if site.strand == "+" else reverse_complement(codes)
        assert decode(codes) == [{"long": "ACGGAC", "short": "TTG"}[site.name]]
    later = sites.groupby("chrom")["start"].shift(-1) - sites["end"]
    assert later.min() == 0
    assert {motif.name for motif in read_meme(str(folder / "motifs.meme"))[0]} == {"long", "short"}


@pytest.mark.filterwarnings("ignore:Failed to fetch internal database ID")
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"motifs": ["MA9999.9"]}, r"^JASPAR2026: .*MA9999\.9"),
        ({"length": 17}, r"^config: simulate\.toy1\.length: 17, .* 18"),
        ({"position": 23}, r"simulate\.toy1\.length: .* 41: position 23 .* 18"),
        ({"gc": 2}, r"simulate\.toy1\.gc: 2"),
        ({"sequences": 200}, r"simulate\.toy1: .* 200 of 200 sequences"),
    ],
)
def test_bad_options_are_refused_before_a_file_is_written(tmp_path, changes, message):
    with pytest.raises(InputError, match=message):
        run(tmp_path, **changes)
    assert not list(tmp_path.iterdir())


def test_background_is_no_copy_of_the_sequences(toy1):
    codes, y, _ = read_split(str(toy1 / "dataset.h5"), "train")
    flank = pd.Series(decode(codes[:, :11]))
    assert flank.nunique() > 1990  # 2000 of 4 ** 11: half a pair alike is expected
    assert len(y) == 2000
