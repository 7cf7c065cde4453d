"""Tomtom through memelite: its table, its conventions, and the shuffled control."""

import memelite
import numpy as np
import pytest
from peaks2motifs.core.sequences import encode, one_hot
from peaks2motifs.motifs import tomtom
from peaks2motifs.motifs.motif import Motif
from peaks2motifs.motifs.tomtom import TOMTOM_COLUMNS


def sharp(letters):
    """A motif (w, 4) that is nearly certain of each base."""
    return one_hot(encode([letters]))[0] * 0.96 + 0.01


def random_database(motifs=100, width=10):
    rng = np.random.default_rng(7)
    ppms = rng.dirichlet(np.full(4, 0.25), size=(motifs, width))
    return [Motif(f"R{i}", f"random{i}", ppm, 20) for i, ppm in enumerate(ppms)]


GIVEN = Motif("MA1", "given", sharp("TTGATACCAGCA"), 20)
TARGETS = [*random_database(), GIVEN]


def table(letters, report_q=0.1):
    query = Motif("k000", "", sharp(letters), 20)
    alignments = tomtom.compare([query.ppm], [t.ppm for t in TARGETS])
    return tomtom.list_matches([query], TARGETS, alignments, report_q)


def test_offset_is_the_targets_column_under_the_querys_first():
    found = table("GATACCAG").iloc[0]
    assert found["Target_ID"] == "MA1"
    assert (found["Optimal_offset"], found["Overlap"], found["Orientation"]) == (2, 8, "+")
    assert (found["Query_consensus"], found["Target_consensus"]) == ("GATACCAG", "TTGATACCAGCA")


def test_offset_is_negative_where_the_query_begins_first():
    found = table("CCCTTGATACC").iloc[0]
    assert (found["Optimal_offset"], found["Overlap"], found["Orientation"]) == (-3, 8, "+")


def test_a_reversed_target_is_shown_reverse_complemented():
    # TGCTGGTATCAA is the reverse complement of the target; the query begins at its third base.
    found = table("CTGGTATCA").iloc[0]
    assert found["Target_ID"] == "MA1"
    assert (found["Optimal_offset"], found["Overlap"], found["Orientation"]) == (2, 9, "-")
    assert found["Target_consensus"] == "TGCTGGTATCAA"


def test_table_has_the_suites_columns_and_the_best_target_even_if_nothing_is_like_it():
    found = table("AAAAAAAA", report_q=0.0)
    assert list(found.columns) == TOMTOM_COLUMNS
    assert len(found) == 1
    assert len(table("AAAAAAAA", report_q=1.0)) == len(TARGETS)


def test_e_and_q_follow_from_p():
    found = table("GATACCAG", report_q=1.0)
    p, q = found["p-value"].to_numpy(), found["q-value"].to_numpy()
    assert (np.diff(p) >= 0).all()
    assert (np.diff(q) >= 0).all()
    assert found["E-value"].to_numpy() == pytest.approx(p * len(TARGETS))
    assert q[0] == pytest.approx(p[0] * 2 * len(TARGETS))


def aligned(p, other_p):
    """Alignments of one query, of which only the p-values matter."""
    unused = np.zeros((1, len(p)), int)
    return tomtom.Alignments(np.array([p]), unused, unused, unused == 1, np.array([other_p]))


def test_q_values_are_corrected_over_both_orientations():
    # Six p-values, sorted 0.01 0.04 0.06 0.3 0.8 0.9: 0.01 * 6 / 1, 0.04 * 6 / 2, 0.06 * 6 / 3.
    q = tomtom.q_values(aligned([0.04, 0.01, 0.06], [0.9, 0.8, 0.3]))
    assert q.tolist() == [pytest.approx([0.12, 0.06, 0.12])]


def test_a_palindrome_counts_in_both_orientations():
    # Sorted 0.01 0.01 0.5 0.9: 0.01 * 4 / 2, and 0.5 * 4 / 3.
    q = tomtom.q_values(aligned([0.01, 0.5], [0.01, 0.9]))
    assert q.tolist() == [pytest.approx([0.02, 2 / 3])]


def test_both_orientations_have_p_values():
    """They are equal for a palindrome; p is that of memelite's own choice of the better one."""
    queries = [sharp("GATACCAG"), sharp("CACGTG")]
    targets = [sharp("GATACCAG"), sharp("CTGGTATC"), sharp("CACGTG")]
    targets += [target.ppm for target in TARGETS]
    found = tomtom.compare(queries, targets)
    assert found.reverse[0, :2].tolist() == [False, True]
    assert found.p[0, 0] == found.p[0, 1] < 1e-3 < found.other_p[0, 0]
    assert found.p[1, 2] == found.other_p[1, 2] < 1e-3
    assert (found.p <= found.other_p).all()
    p, _, offset, overlap, reverse = memelite.tomtom(
        [query.T for query in queries], [target.T for target in targets], n_jobs=1
    )
    assert np.array_equal(found[:4], [p, offset, overlap, reverse])


def test_likeliest_takes_the_first_of_equals():
    ppm = np.array([[0.25, 0.25, 0.25, 0.25], [0.1, 0.4, 0.1, 0.4], [0, 0, 0.4, 0.6]])
    assert tomtom.tomtom_consensus(ppm) == "ACT"


def test_shuffled_copies_hold_the_same_columns_and_repeat():
    ppm = sharp("GATTACAG")
    first = tomtom.shuffle_columns(ppm, 3, np.random.default_rng([0, 0]))
    again = tomtom.shuffle_columns(ppm, 3, np.random.default_rng([0, 0]))
    assert np.array_equal(first, again)
    assert not np.array_equal(first[0], first[1])
    assert sorted(map(tuple, first[0])) == sorted(map(tuple, ppm))


def test_empirical_fdr_by_hand():
    # Ten shuffles, and one control more than came as low. At 1e-8 one: 0.1 for 1 name; at 1e-4
    # two: 0.2 for 2 names; at 0.01 four: 0.4 for 3 names.
    best = np.array([0.01, 1e-8, 1e-4])
    control = np.array([1e-5, 5e-3, 1e-3, *[0.5] * 27])
    assert tomtom.empirical_fdr(best, control, 10) == pytest.approx([0.4 / 3, 0.1, 0.1])


def test_empirical_fdr_is_never_0_and_falls_with_more_shuffles():
    found = [tomtom.empirical_fdr(np.array([1e-30]), np.full(n, 0.5), n)[0] for n in (1, 4, 100)]
    assert found == [1, 0.25, 0.01]


def test_empirical_fdr_is_monotone_and_at_most_one():
    best, control = np.array([1e-3, 1e-2, 2e-2]), np.array([1e-4, 1e-4, 1e-4, 0.5, 0.5, 0.5])
    # One by one 2 / 1, 2 / 2, 2 / 3; a better p cannot have the higher share.
    assert tomtom.empirical_fdr(best, control, 2) == pytest.approx([2 / 3] * 3)
    assert tomtom.empirical_fdr(np.array([0.5]), np.full(4, 1e-3), 2).tolist() == [1]
    assert tomtom.empirical_fdr(np.array([]), np.array([]), 2).shape == (0,)


def test_a_sampled_matrix_finds_its_own_profile_and_its_shuffles_do_not():
    jaspar = pytest.importorskip("pyjaspar").jaspardb(release="JASPAR2026")
    profiles = sorted(jaspar.fetch_motifs(tax_group="fungi"), key=lambda p: p.matrix_id)
    targets = []
    for profile in profiles:
        counts = np.array([profile.counts[base] for base in "ACGT"], float).T
        ppm = counts / counts.sum(axis=1, keepdims=True)
        targets.append(Motif(profile.matrix_id, profile.name, ppm, 20))
    rng = np.random.default_rng(3)
    asked = [t for t in targets if t.alternate in ("REB1", "MCM1", "RAP1", "GAL4")]
    sampled = [
        Motif(t.name, "", np.array([rng.multinomial(100, row) for row in t.ppm]) / 100, 100)
        for t in asked
    ]
    shuffled = [copy for m in sampled for copy in tomtom.shuffle_columns(m.ppm, 10, rng)]
    ppms = [m.ppm for m in sampled]
    alignments = tomtom.compare(ppms + shuffled, [t.ppm for t in targets])
    own = tomtom.Alignments(*(array[: len(sampled)] for array in alignments))
    best = tomtom.list_matches(sampled, targets, own, 0.1).drop_duplicates("Query_ID")
    assert best["Target_ID"].tolist() == [t.name for t in asked]
    assert (best["q-value"] < 1e-4).all()
    control = alignments.p[len(sampled) :].min(axis=1)
    assert np.median(control) > 1e-4
    assert (tomtom.empirical_fdr(own.p.min(axis=1), control, 10) < 0.05).all()
