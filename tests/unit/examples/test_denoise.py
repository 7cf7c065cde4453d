"""Functions of the example that reconstructs a template from its reads."""

import os

import denoise
import numpy as np
from reads import edit_distance
from test_reads import ERRORS, NONE, reads_of, template


def test_windows_lie_within_reads_or_cover_framed_ones():
    reads = reads_of(template())
    lengths = np.array([len(read) for read in reads])
    x, y = denoise.windows(reads, 50, framed=False)
    assert x.shape == ((lengths - 50).sum(), 50)  # near 20 x 170, as the document's (3407, 51, 6)
    assert abs(len(x) - 3400) < 100
    assert x[0].tolist() == reads[0][:50].tolist()
    assert (y[0], y[-1]) == (reads[0][50], reads[-1][-1])
    x, y = denoise.windows(reads, 50, framed=True)
    assert x.shape == ((lengths + 1).sum(), 50)
    assert x[0].tolist() == [denoise.START] * 50
    assert (y == denoise.END).sum() == 20
    assert y[:6].tolist() == reads[0][:6].tolist()


def test_the_network_has_the_documents_parameters():
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    network = denoise.network(50, hidden=0.1)
    assert network.count_params() == 5622  # 4992 + 396 + 156 + 78
    assert [layer.count_params() for layer in network.layers] == [0, 4992, 396, 156, 78]
    assert network.output_shape == (None, 6)
    predict = denoise.by_network(network, 50)
    assert 0 <= predict([denoise.START] * 50) < 6
    assert len(denoise.extend(predict, [denoise.START] * 50, limit=3)) <= 3


def test_reads_without_errors_vote_for_the_template():
    true = template()
    predict = denoise.by_vote(reads_of(true, 2, **NONE), 9)
    assert denoise.extend(predict, [denoise.START] * 9, 440) == true.tolist()
    assert predict([0] * 9) == denoise.END  # no read has it


def test_the_vote_of_twenty_reads_is_better_than_any_of_them():
    true = template()
    reads = reads_of(true)
    voted = denoise.extend(denoise.by_vote(reads, 9), [denoise.START] * 9, 440)
    assert edit_distance(np.array(voted), true) < min(edit_distance(r, true) for r in reads) / 2


def test_scores_by_hand():
    true = np.array([0, 1, 2, 3, 0, 1, 2, 3])
    row = denoise.score(7, true, "m", [2, 3, 3, 1, 2, 3], given=[0, 1])
    assert (row["seed"], row["method"]) == (7, "m")
    assert (row["given"], row["length"], row["edits"]) == (2, 8, 1)
    assert row["identity"] == 1 - 1 / 8
    assert row["longest"] == 3  # CGT
    assert row["sequence"] == "ACGTTCGT"


def test_simulated_files_are_read_again(tmp_path):
    paths = [str(tmp_path / name) for name in ("template.fa", "reads.fa")]
    denoise.simulate(*paths, seed="0", options={"length": 30, "copies": 4} | ERRORS)
    (true,), reads = (denoise.read_fasta(path) for path in paths)
    assert (len(true), len(reads)) == (30, 4)
    assert set(true) <= {0, 1, 2, 3}
    before = [(tmp_path / name).read_bytes() for name in ("template.fa", "reads.fa")]
    denoise.simulate(*paths, seed="0", options={"length": 30, "copies": 4} | ERRORS)
    assert before == [(tmp_path / name).read_bytes() for name in ("template.fa", "reads.fa")]
