"""Downloads of the yeast example: whole files of the right kind, or one line and no file."""

import gzip
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer

import fetch_yeast as script
import pytest
from peaks2motifs.joblog import InputError

fetch = partial(script.fetch_yeast, pause=0)
BED = b"chr4\t10\t11\tchr4_10_11\t1000\t.\n"
FASTA = gzip.compress(b">chrI\nACGT\n")
HTML = b"<!DOCTYPE html><html>not here</html>"


@pytest.fixture
def server():
    """A server on this machine: `replies` maps paths to lists of (status, promised, body)."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            status, promised, body = replies[self.path].pop(0)
            self.send_response(status)
            self.send_header("Content-Length", str(promised))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    replies, asked = {}, []
    http = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    http.replies, http.asked = replies, asked
    http.url = f"http://127.0.0.1:{http.server_port}"
    yield http
    http.shutdown()
    thread.join()
    http.server_close()


@pytest.mark.parametrize(("name", "body"), [("Reb1.bed", BED), ("genome.fa.gz", FASTA)])
def test_download(server, tmp_path, name, body):
    server.replies["/x"] = [(200, len(body), body)]
    fetch(f"{server.url}/x", str(tmp_path / "none"), str(tmp_path / name))
    assert (tmp_path / name).read_bytes() == body
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_a_copy_at_hand_is_taken_and_nothing_downloaded(server, tmp_path):
    (tmp_path / "copy.bed").write_bytes(BED)
    fetch(f"{server.url}/x", str(tmp_path / "copy.bed"), str(tmp_path / "Reb1.bed"))
    assert (tmp_path / "Reb1.bed").read_bytes() == BED
    assert server.asked == []


def test_a_busy_server_and_a_lost_connection_are_tried_again(server, tmp_path):
    server.replies["/x"] = [(503, 0, b""), (200, len(BED), BED[:9]), (200, len(BED), BED)]
    fetch(f"{server.url}/x", "", str(tmp_path / "Reb1.bed"))
    assert (tmp_path / "Reb1.bed").read_bytes() == BED


def test_half_a_file_is_never_taken_for_a_whole_one(server, tmp_path):
    server.replies["/x"] = [(200, len(BED) + 1, BED)] * 3
    with pytest.raises(InputError, match=f"connection lost after {len(BED)} of"):
        fetch(f"{server.url}/x", "", str(tmp_path / "Reb1.bed"))
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_there_is_asked_for_once(server, tmp_path):
    server.replies["/x"] = [(404, 0, b"")]
    output = tmp_path / "Xyz1.bed"
    with pytest.raises(InputError) as refusal:
        fetch(f"{server.url}/x", "", str(output))
    assert str(refusal.value) == (
        f"{server.url}/x: HTTP Error 404: Not Found; "
        f"try again later, or put the file at {output} yourself"
    )
    assert server.asked == ["/x"]


@pytest.mark.parametrize("name", ["Reb1.bed", "genome.fa.gz"])
def test_a_page_instead_of_the_file_is_refused(server, tmp_path, name):
    server.replies["/x"] = [(200, len(HTML), HTML)]
    with pytest.raises(InputError, match=r"it begins with b'<!DOCTYPE html>"):
        fetch(f"{server.url}/x", "", str(tmp_path / name))
    assert list(tmp_path.iterdir()) == []


def test_no_server_is_one_line(tmp_path):
    with pytest.raises(InputError, match=r"^http://127\.0\.0\.1:1/x: .*refused.*yourself$"):
        fetch("http://127.0.0.1:1/x", "", str(tmp_path / "Reb1.bed"))
