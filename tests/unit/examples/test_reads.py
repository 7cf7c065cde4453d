"""Errors of simulated reads have their rates and repeat by seed; edit distances by hand."""

import numpy as np
import pytest
from reads import edit_distance, simulate_reads

ERRORS = {"insert": 0.05, "delete": 0.05, "substitute": 0.01}
NONE = dict.fromkeys(ERRORS, 0)


def template(length: int = 220, seed: int = 0) -> np.ndarray:
    return np.random.default_rng([seed]).integers(0, 4, length, np.uint8)


def reads_of(true: np.ndarray, copies: int = 20, seed: int = 0, **errors) -> list[np.ndarray]:
    return simulate_reads(true, copies, rng=np.random.default_rng([seed]), **(ERRORS | errors))


def test_reads_without_errors_are_copies():
    true = template()
    reads = reads_of(true, copies=3, **NONE)
    assert [read.tolist() for read in reads] == [true.tolist()] * 3
    assert reads[0].dtype == np.uint8


@pytest.mark.parametrize(("kind", "sign"), [("insert", 1), ("delete", -1)])
def test_insertions_and_deletions_have_their_rate(kind, sign):
    lengths = [len(read) for read in reads_of(template(1000), 200, **NONE | {kind: 0.05})]
    changes = sign * (np.array(lengths) - 1000)
    spread = np.sqrt(1000 * 0.05 * 0.95)
    assert changes.mean() == pytest.approx(50, abs=4 * spread / np.sqrt(200))
    assert changes.std() == pytest.approx(spread, rel=0.2)


def test_substitutions_have_their_rate_and_never_keep_the_base():
    true = template(1000)
    reads = np.array(reads_of(true, 200, **NONE | {"substitute": 0.3}))
    differs = reads != true
    assert differs.mean() == pytest.approx(0.3, abs=4 * np.sqrt(0.21 / differs.size))
    steps = np.bincount((reads[differs].astype(int) - np.tile(true, (200, 1))[differs]) % 4)
    np.testing.assert_allclose(steps / differs.sum(), [0, 1 / 3, 1 / 3, 1 / 3], atol=0.01)
    assert differs.mean(axis=0).std() < 0.05  # every base alike


def test_deletions_do_not_reduce_substitutions():
    reads = reads_of(np.zeros(1000, np.uint8), 100, insert=0, delete=0.3, substitute=0.2)
    bases = np.bincount(np.concatenate(reads)) / 100_000
    assert bases[0] == pytest.approx(0.5, abs=0.01)
    assert bases[1:].sum() == pytest.approx(0.2, abs=0.01)


def test_inserted_bases_are_any_of_the_four():
    reads = np.concatenate(reads_of(np.zeros(1000, np.uint8), 100, **NONE | {"insert": 0.5}))
    shares = np.bincount(reads, minlength=4) / 50_000  # expected number of insertions
    np.testing.assert_allclose(shares[1:], 0.25, atol=0.01)


def test_the_seed_decides_the_reads():
    one, again, other = (reads_of(template(), seed=seed) for seed in (0, 0, 1))
    assert all(np.array_equal(a, b) for a, b in zip(one, again, strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize(
    "errors", [{"insert": -0.1}, {"insert": 1.1}, {"delete": 0.6, "substitute": 0.5}]
)
def test_rates_that_are_not_probabilities_are_refused(errors):
    with pytest.raises(ValueError, match=r"-0\.1|1\.1|0\.6"):
        reads_of(template(), **errors)


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [
        ("kitten", "sitting", 3),
        ("", "ACG", 3),
        ("ACG", "", 3),
        ("ACGT", "ACGT", 0),
        ("ACGT", "CGTA", 2),
        ("AAAA", "TTTT", 4),
        ("GGAAGG", "GGAG", 2),
    ],
)
def test_edit_distance_counts_the_fewest_edits(one, other, edits):
    one, other = (np.frombuffer(text.encode(), np.uint8) for text in (one, other))
    assert edit_distance(one, other) == edit_distance(other, one) == edits


def test_edits_do_not_exceed_errors():
    true = template(2000)
    (read,) = reads_of(true, 1)
    assert 0.08 < edit_distance(read, true) / 2000 < 0.13  # of 0.05 + 0.05 + 0.01
