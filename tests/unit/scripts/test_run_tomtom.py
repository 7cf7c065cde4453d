"""The MEME Suite's tomtom, played by a script on the PATH: how it is called, what if it fails."""

import numpy as np
import pytest
from peaks2motifs.core.joblog import InputError
from peaks2motifs.motifs.meme import write_meme
from peaks2motifs.motifs.motif import Motif
from run_tomtom import run_tomtom

FAKE = """#!/bin/sh
while [ "$1" != -oc ]; do echo "$1" >> "$CALLED"; shift; done
mkdir -p "$2" && cat "$3" "$4" > "$2/tomtom.html"
"""


@pytest.fixture
def called(tmp_path, monkeypatch):
    """A tomtom on the PATH that keeps its options in a file and joins its inputs as the page."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/tomtom").write_text(FAKE)
    (tmp_path / "bin/tomtom").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("CALLED", str(tmp_path / "called"))
    return tmp_path / "called"


MOTIFS = [Motif("k0", "F1", np.full((5, 4), 0.25), 9)]


def run(folder, motifs):
    write_meme(motifs, str(folder / "families.meme"))
    (folder / "database.meme").write_text("known")
    paths = [str(folder / name) for name in ("families.meme", "database.meme", "tomtom")]
    run_tomtom(*paths, q_value=0.1)


def test_tomtom_gets_families_database_and_the_same_measure(called, tmp_path):
    run(tmp_path, MOTIFS)
    page = (tmp_path / "tomtom/tomtom.html").read_text()
    assert "MOTIF k0 F1" in page
    assert page.endswith("known")
    assert called.read_text().split() == ["-no-ssc", "-dist", "ed", "-thresh", "0.1"]


def test_without_families_there_is_nothing_to_compare(called, tmp_path):
    run(tmp_path, [])
    assert list((tmp_path / "tomtom").iterdir()) == []
    assert not called.exists()


def test_a_tomtom_that_is_not_there_or_fails_is_named(called, tmp_path, monkeypatch):
    (tmp_path / "bin/tomtom").write_text("#!/bin/sh\nexit 3\n")
    with pytest.raises(InputError, match=r"names.tomtom_html: .* non-zero exit status 3"):
        run(tmp_path, MOTIFS)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(InputError, match=r"names.tomtom_html: .*No such file.* 'tomtom'"):
        run(tmp_path, MOTIFS)
