"""Downloads give complete files of the right content and checksum, or one line and no file."""

import gzip
import hashlib
import os
import socket
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import boto3
import pytest
from moto import mock_aws
from peaks2motifs.core.joblog import InputError
from peaks2motifs.data import downloads

fetch = partial(downloads.fetch, pause=0)
BED = b"chr4\t10\t11\tchr4_10_11\t1000\t.\n"
PACKED = gzip.compress(BED * 1000, mtime=0)
HTML = b"\n<!DOCTYPE html><html>not here</html>"


@pytest.fixture
def server():
    """A server on this machine that answers /x by the `replies`, in turn.

    Each is a function of the request that writes the answer; `asked` are the requests' headers.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(dict(self.headers))
            replies.pop(0)(self)

        def log_message(self, *args):
            pass

    replies, asked = [], []
    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    http.replies, http.asked = replies, asked
    http.url = f"http://127.0.0.1:{http.server_port}/x"
    yield http
    http.shutdown()
    thread.join()
    http.server_close()


def reply(body=b"", status=200, promised=None, **headers):
    """The answer of a server that promises so many bytes, by default those that it sends."""

    def answer(handler):
        handler.send_response(status)
        headers["Content-Length"] = str(len(body) if promised is None else promised)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def files(folder: Path) -> list[str]:
    """Those in a folder, but for locks that a failed download leaves."""
    return sorted(path.name for path in folder.iterdir() if path.suffix != ".lock")


@pytest.mark.parametrize(("name", "body"), [("x.bed", BED), ("x.bed.gz", PACKED), ("x", PACKED)])
def test_a_download_is_kept(server, tmp_path, name, body):
    server.replies += [reply(body)]
    fetch(server.url, tmp_path / "new" / name)
    assert (tmp_path / "new" / name).read_bytes() == body
    assert files(tmp_path / "new") == [name]


@pytest.mark.parametrize("algorithm", ["md5", "sha256"])
def test_checksums_are_those_of_the_bytes(server, tmp_path, algorithm):
    server.replies += [reply(BED), reply(BED[:-1])]
    checksum = f"{algorithm}={hashlib.new(algorithm, BED).hexdigest()}"
    fetch(server.url, tmp_path / "x.bed", checksum)
    with pytest.raises(InputError, match=f"^{server.url}: .* {algorithm} .*, expected"):
        fetch(server.url, tmp_path / "y.bed", checksum)
    assert files(tmp_path) == ["x.bed"]


def test_an_existing_file_is_checked_and_not_downloaded_again(server, tmp_path):
    (tmp_path / "x.bed").write_bytes(BED)
    fetch(server.url, tmp_path / "x.bed", f"md5={hashlib.md5(BED).hexdigest()}")
    with pytest.raises(InputError, match=r"x\.bed is of md5 .*0a0a"):
        fetch(server.url, tmp_path / "x.bed", f"md5={'0a' * 16}")
    assert server.asked == []
    assert files(tmp_path) == ["x.bed"]


def test_a_busy_server_is_retried(server, tmp_path):
    server.replies += [reply(status=503), reply(status=429), reply(BED)]
    fetch(server.url, tmp_path / "x.bed")
    assert (tmp_path / "x.bed").read_bytes() == BED


def test_two_runs_of_one_address_fetch_it_once(server, tmp_path):
    going, wanted = threading.Event(), threading.Event()

    def slow(handler):
        going.set()
        wanted.wait(10)
        reply(BED)(handler)

    server.replies += [slow]
    kept = tmp_path / "x.bed"
    runs = [threading.Thread(target=fetch, args=(server.url, kept)) for _ in range(2)]
    runs[0].start()
    going.wait(10)
    runs[1].start()
    wanted.set()
    for run in runs:
        run.join(20)
    assert kept.read_bytes() == BED
    assert len(server.asked) == 1
    assert not kept.with_name("x.bed.lock").exists()


def test_an_incomplete_file_is_never_accepted(server, tmp_path):
    server.replies += [reply(BED, promised=len(BED) + 1)] * downloads.TRIES
    with pytest.raises(InputError, match=f"{len(BED)} of {len(BED) + 1} bytes"):
        fetch(server.url, tmp_path / "x.bed")
    assert not (tmp_path / "x.bed").exists()


def test_a_lost_connection_is_resumed(server, tmp_path):
    rest = reply(PACKED[9:], 206, ETag='"1"', Content_Range=f"bytes 9-99/{len(PACKED)}")
    server.replies += [reply(PACKED[:9], promised=len(PACKED), ETag='"1"'), rest]
    fetch(server.url, tmp_path / "x.gz")
    assert (tmp_path / "x.gz").read_bytes() == PACKED
    assert server.asked[1]["Range"] == "bytes=9-"
    assert server.asked[1]["If-Range"] == '"1"'
    assert files(tmp_path) == ["x.gz"]


def test_a_later_run_resumes_the_download(server, tmp_path):
    lost = reply(PACKED[:9], promised=len(PACKED), Last_Modified="Mon, 06 Jul 2026 00:00:00 GMT")
    server.replies += [lost] + [reply(status=503)] * (downloads.TRIES - 1)
    with pytest.raises(InputError, match="503"):
        fetch(server.url, tmp_path / "x.gz")
    rest = reply(PACKED[9:], 206, Last_Modified="Mon, 06 Jul 2026 00:00:00 GMT")
    server.replies += [rest]
    fetch(server.url, tmp_path / "x.gz")
    assert (tmp_path / "x.gz").read_bytes() == PACKED


@pytest.mark.parametrize(
    "second",
    [
        [reply(PACKED, ETag='"2"')],  # the server heeds If-Range
        [reply(PACKED[9:], 206, ETag='"2"'), reply(PACKED, ETag='"2"')],  # or does not
        [reply(status=416), reply(PACKED, ETag='"2"')],
    ],
)
def test_a_changed_file_is_downloaded_from_the_start(server, tmp_path, second):
    server.replies += [reply(b"\x1f\x8bolder bytes", promised=99, ETag='"1"'), *second]
    fetch(server.url, tmp_path / "x.gz")
    assert (tmp_path / "x.gz").read_bytes() == PACKED


def test_without_a_version_nothing_is_resumed(server, tmp_path):
    server.replies += [reply(PACKED[:9], promised=99), reply(PACKED)]
    fetch(server.url, tmp_path / "x.gz")
    assert "Range" not in server.asked[1]
    assert (tmp_path / "x.gz").read_bytes() == PACKED


@pytest.mark.parametrize("status", [403, 404, 410])
def test_a_dead_link_is_not_retried(server, tmp_path, status):
    server.replies += [reply(status=status)]
    with pytest.raises(InputError) as refusal:
        fetch(server.url, tmp_path / "x.bed")
    assert str(refusal.value).startswith(f"{server.url}: HTTP Error {status}: ")
    assert str(refusal.value).endswith(
        f"; try again later, or put the file at {tmp_path / 'x.bed'} yourself"
    )
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("name", "body", "message"),
    [
        ("x.bed", HTML, "a web page or an error message, it begins with"),
        ("x.bed", gzip.compress(HTML, mtime=0), "a web page or an error message"),
        ("x.bed", b'<?xml version="1.0"?><Error/>', "a web page or an error message"),
        ("x.bed", b"\xef\xbb\xbf" + HTML, "a web page or an error message"),
        ("x.bed", b'{"status": "error"}', "a web page or an error message"),
        ("x.gz", HTML, "not a gzip file, it begins with"),
        ("x.gz", b"Not found", "not a gzip file"),
        ("x.bed", b"", "an empty file"),
        ("x.gz", PACKED[:-9], "a broken or truncated gzip file"),
        ("x.gz", PACKED[:-8] + b"12345678", "a broken or truncated gzip file"),
    ],
)
def test_bad_content_is_refused_and_deleted(server, tmp_path, name, body, message):
    server.replies += [reply(body)]
    with pytest.raises(InputError, match=f"^{server.url}: .*{message}"):
        fetch(server.url, tmp_path / name)
    assert files(tmp_path) == []


def test_no_server_is_one_line(tmp_path):
    with pytest.raises(InputError, match=r"^http://127\.0\.0\.1:1/x: .*refused.*x\.bed"):
        fetch("http://127.0.0.1:1/x", tmp_path / "x.bed")


def test_ftp(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as control:
        threading.Thread(target=serve_ftp, args=(control, BED), daemon=True).start()
        fetch(f"ftp://127.0.0.1:{control.getsockname()[1]}/x.bed", tmp_path / "x.bed")
    assert (tmp_path / "x.bed").read_bytes() == BED


def serve_ftp(control: socket.socket, body: bytes) -> None:
    """Say what is needed for one file to one client."""
    client, _ = control.accept()
    with client, client.makefile("rw", newline="\r\n") as line:
        data = socket.create_server(("127.0.0.1", 0))
        high, low = divmod(data.getsockname()[1], 256)
        answers = {"USER": "331 password", "PASV": f"227 ok (127,0,0,1,{high},{low})"}
        answers |= {"PASS": "230 ok", "RETR": f"150 begins ({len(body)} bytes)", "QUIT": "221 bye"}
        said = "220 hello"
        while said:
            print(said, file=line, flush=True)
            word = line.readline()[:4].strip()
            said = answers.get(word, "200 ok") if word else ""
            if word == "RETR":
                print(said, file=line, flush=True)
                with data, data.accept()[0] as receiver:
                    receiver.sendall(body)
                said = "226 done"


@pytest.fixture
def bucket(monkeypatch):
    """A bucket of S3, simulated in this process."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "any")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket="data")
        client.put_object(Bucket="data", Key="a/x.gz", Body=PACKED)
        yield client


def test_s3(bucket, tmp_path):
    fetch("s3://data/a/x.gz", tmp_path / "x.gz")
    assert (tmp_path / "x.gz").read_bytes() == PACKED


def test_s3_downloads_are_resumed(bucket, tmp_path):
    version = bucket.put_object(Bucket="data", Key="x.bed", Body=BED)["ETag"]
    (tmp_path / "x.bed.part").write_bytes(b"had")
    (tmp_path / "x.bed.part.version").write_text(version)
    fetch("s3://data/x.bed", tmp_path / "x.bed")
    assert (tmp_path / "x.bed").read_bytes() == b"had" + BED[3:]
    (tmp_path / "y.bed.part").write_bytes(b"had")
    (tmp_path / "y.bed.part.version").write_text('"another"')
    fetch("s3://data/x.bed", tmp_path / "y.bed")
    assert (tmp_path / "y.bed").read_bytes() == BED


@pytest.mark.parametrize(("name", "status"), [("s3://data/b", 404), ("s3://none/a/x.gz", 404)])
def test_missing_s3_objects_are_refused(bucket, tmp_path, name, status):
    with pytest.raises(
        InputError, match=f"^{name}: HTTP Error {status}: The specified .* not exist"
    ):
        fetch(name, tmp_path / "x.gz")


def test_an_output_is_the_same_file_as_the_download(tmp_path):
    (tmp_path / "kept").write_bytes(BED)
    os.utime(tmp_path / "kept", (1, 1))
    downloads.link_download(tmp_path / "kept", str(tmp_path / "output"))
    assert (tmp_path / "output").read_bytes() == BED
    assert (tmp_path / "output").stat().st_mtime == 1
