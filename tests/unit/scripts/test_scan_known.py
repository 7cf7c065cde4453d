"""known.tsv, from a dataset and a database."""

import numpy as np
import pandas as pd
import scan_known
from made_motifs import motif
from peaks2motifs.core.sequences import encode
from peaks2motifs.core.tables import read_tsv
from peaks2motifs.data.dataset import write_dataset
from peaks2motifs.motifs.known_motifs import COLUMNS, judge_profiles
from peaks2motifs.motifs.meme import write_meme

WORDS = ["TTACCCGGAT", "GGCATTGACA"]


def write_files(folder, classes=()) -> list[str]:
    """Write a dataset of 60 windows in each split, and a database; return their paths, and another.

    Every other window has the first word and belongs to the first class, the others to the second.
    """
    codes = np.random.default_rng(0).integers(0, 4, (60, 60)).astype(np.uint8)
    codes[1::2, 25:35] = encode(WORDS[:1])
    row, labels = np.arange(60), None
    window = pd.DataFrame({"chrom": "c", "start": row * 60, "end": row * 60 + 60, "label": row % 2})
    tables = dict.fromkeys(("train", "valid", "test"), window.assign(name="w", strand="."))
    if classes:
        labels = dict.fromkeys(tables, np.stack([row % 2, 1 - row % 2], axis=1))
    write_dataset(
        str(folder / "dataset.h5"),
        tables,
        lambda rows: codes[rows["start"] // 60],
        {},
        "none",
        labels=labels,
        task="multilabel" if classes else "binary",
        classes=classes,
    )
    write_meme([motif(word) for word in WORDS], folder / "motifs.meme")
    return [str(folder / name) for name in ("dataset.h5", "motifs.meme", "known.tsv")]


def test_known_motifs_are_judged_and_sorted(tmp_path):
    files = write_files(tmp_path)
    scan_known.scan_known(*files, has_summits=True, factor=WORDS[1])
    known = read_tsv(files[-1])
    assert list(known) == COLUMNS
    assert known["motif"].tolist() == WORDS
    assert known["own"].tolist() == [0, 1]
    assert known["auroc"][0] == 1
    assert known.loc[0, ["peaks", "background", "central_width"]].tolist() == [30, 30, 1]


def test_peaks_are_the_windows_of_the_class_of_a_page(tmp_path):
    files = write_files(tmp_path, ("a", "b"))
    aurocs = []
    for label in ("a", "b"):
        scan_known.scan_known(*files, has_summits=False, label=label)
        aurocs.append(read_tsv(files[-1]).set_index("motif")["auroc"][WORDS[0]])
    assert aurocs == [1, 0]


def test_windows_of_each_class_are_limited(tmp_path, monkeypatch):
    numbers = []

    def judge(profiles, train, test, *settings):
        numbers.extend(map(len, (*train, *test)))
        return judge_profiles(profiles, train, test, *settings)

    monkeypatch.setattr(scan_known, "judge_profiles", judge)
    monkeypatch.setattr(scan_known, "MAX_SCANNED_TRAINING", 7)
    monkeypatch.setattr(scan_known, "MAX_SCANNED_TEST", 12)
    scan_known.scan_known(*write_files(tmp_path), has_summits=True)
    assert numbers == [7, 7, 12, 12]
