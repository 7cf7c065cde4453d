"""The database of known motifs: from JASPAR, or from the user's file."""

import gzip

import numpy as np
import pytest
from peaks2motifs.core.joblog import InputError
from peaks2motifs.motifs.meme import read_meme, write_meme
from peaks2motifs.motifs.motif import Motif
from peaks2motifs.motifs.motif_files import write_jaspar
from prepare_database import prepare_database


def test_jaspar_profiles_come_with_identifier_factor_and_sites(tmp_path):
    output = str(tmp_path / "motifs.meme")
    prepare_database(["jaspar"], "JASPAR2026", "CORE", ["fungi", "diatoms"], output)
    motifs, _ = read_meme(output)
    names = [m.name for m in motifs]
    assert names == sorted(names)
    assert len(names) > 150
    mcm1 = next(m for m in motifs if m.alternate == "MCM1")
    assert mcm1.name.startswith("MA0331.")
    assert mcm1.nsites >= 1


def test_a_users_file_may_be_gzipped_and_have_other_line_ends_and_letters(tmp_path):
    given, output = tmp_path / "mine.meme.gz", str(tmp_path / "motifs.meme")
    write_meme([Motif("a", "", np.full((5, 4), 0.25), 9)], str(tmp_path / "plain"))
    text = (tmp_path / "plain").read_bytes()
    odd = b"\xef\xbb\xbf" + text.replace(b"MOTIF a", b"MOTIF a caf\xe9").replace(b"\n", b"\r\n")
    given.write_bytes(gzip.compress(odd, mtime=0))
    prepare_database([str(given)], "", "", [], output)
    assert [motif.name for motif in read_meme(output)[0]] == ["a"]


def test_sources_of_several_kinds_become_one_file(tmp_path):
    meme, jaspar, output = (str(tmp_path / name) for name in ("a.meme", "b.jaspar", "motifs.meme"))
    write_meme([Motif("a", "A", np.full((5, 4), 0.25), 9)], meme)
    write_jaspar([Motif("b", "B", np.eye(4), 12)], jaspar)
    prepare_database([meme, "jaspar", jaspar], "JASPAR2026", "CORE", ["diatoms"], output)
    motifs, _ = read_meme(output)
    assert motifs[0][:2] == ("a", "A")
    assert all(motif.name.startswith("MA") for motif in motifs[1:-1])
    assert (motifs[-1].name, motifs[-1].nsites, motifs[-1].ppm.tolist()) == (
        "b",
        12,
        np.eye(4).tolist(),
    )


def test_one_name_in_two_files_is_refused(tmp_path):
    paths = [str(tmp_path / name) for name in ("one.meme", "two.meme")]
    for path in paths:
        write_meme([Motif("a", "", np.full((5, 4), 0.25), 9)], path)
    with pytest.raises(InputError, match=r"'a' .*one\.meme .*two\.meme"):
        prepare_database(paths, "", "", [], str(tmp_path / "motifs.meme"))


def test_a_file_of_another_format_is_refused_by_its_own_name(tmp_path):
    given = tmp_path / "mine.html"
    given.write_text("<html>404</html>\n")
    with pytest.raises(InputError, match=r"mine\.html: "):
        prepare_database([str(given)], "", "", [], str(tmp_path / "motifs.meme"))


@pytest.mark.parametrize(
    ("release", "taxa", "message"),
    [
        ("JASPAR1999", "all", "JASPAR1999.* JASPAR2026"),
        ("JASPAR2026", ["birds"], "JASPAR2026 .* CORE .* birds"),
        ("JASPAR2026", ["fungi", "birds"], "JASPAR2026 .* CORE .* birds"),
    ],
)
def test_profiles_missing_from_jaspar_are_refused(tmp_path, release, taxa, message):
    with pytest.raises(InputError, match=message):
        prepare_database(["jaspar"], release, "CORE", taxa, str(tmp_path / "motifs.meme"))


def test_a_file_without_motifs_is_refused(tmp_path):
    given = tmp_path / "empty.meme"
    write_meme([], str(given))
    with pytest.raises(InputError, match=r"empty\.meme: "):
        prepare_database([str(given)], "", "", [], str(tmp_path / "motifs.meme"))
