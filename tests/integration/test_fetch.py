"""Addresses and accessions: fetched once, then no network is needed; and what is refused."""

import gzip
import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import yaml
from peaks2motifs.core.tables import read_tsv

from .conftest import copy_project, edited_module, snakemake
from .test_reruns import PAGES, planned

pytestmark = pytest.mark.slow

SHEET = "experiment\tpeaks\tgenome\tfactor\n"


class Server(ThreadingHTTPServer):
    """Serves `files`, bytes by path, and what the ENCODE portal says of `records` among them."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.files, self.asked = {}, []
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def add_encode(self, accession, body, **about):
        href = f"/files/{accession}/@@download/{accession}.bed.gz"
        record = {"accession": accession, "href": href, "assembly": "GRCh38", "status": "released"}
        record |= {"file_format": "bed", "output_type": "IDR thresholded peaks"}
        record |= {"md5sum": hashlib.md5(body).hexdigest(), "target": {"label": "SRF"}} | about
        self.files[href] = body
        self.files[f"/files/{accession}/?format=json"] = json.dumps(record).encode()

    def stop(self):
        self.shutdown()
        self.thread.join()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        body = self.server.files.get(self.path)
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def server():
    server = Server()
    yield server
    server.stop()


def write_project(folder, server, sheet, **genome):
    """Sheet and config of a project whose portal is the server on this machine."""
    config = {
        "experiments": "sheet.tsv",
        "genomes": {"demo": {"fasta": f"{server.url}/genome.fa.gz", "assembly": "hg38"} | genome},
        "fetch": {"mirrors": {"https://www.encodeproject.org": server.url}},
        "windows": {"max_peaks": 300},
        "background": {"ratio": 1},
        "model": {"kmers": False},
        "training": {"replicates": 1, "epochs": 3},
        "names": {"database": f"{server.url}/motifs.meme"},
    }
    (folder / "sheet.tsv").write_text(SHEET + sheet)
    (folder / "config/config.yaml").write_text(yaml.safe_dump(config))


@pytest.fixture(scope="module")
def fetched(demo, tmp_path_factory):
    """A copy of the project that has run from a server, which is off now; and what was asked."""
    server, folder = Server(), copy_project(tmp_path_factory.mktemp("fetched"))
    for name in ("genome.fa.gz", "blacklist.bed"):
        server.files[f"/{name}"] = (demo / "resources/demo" / name).read_bytes()
    server.files["/motifs.meme"] = (demo / "results/databases/motifs.meme").read_bytes()
    server.add_encode("ENCFF001AAA", (demo / "resources/demo/SRF.narrowPeak.gz").read_bytes())
    digest = hashlib.sha256(server.files["/blacklist.bed"]).hexdigest()
    blacklist = f"{server.url}/blacklist.bed#sha256={digest}"
    write_project(folder, server, "first\tENCFF001AAA\tdemo\n", blacklist=blacklist)
    snakemake(folder, "--cores", "2")
    server.stop()
    return folder, server


def test_each_file_is_asked_for_once(fetched):
    _, server = fetched
    assert sorted(server.asked) == sorted(server.files)


def test_pages_and_tables_have_the_factor_of_the_portal(fetched):
    folder, server = fetched
    assert "SRF, demo, background" in (folder / "results/first/report.html").read_text()
    assert '<td data-label="factor">SRF</td>' in (folder / "results/index.html").read_text()
    assert set(read_tsv(folder / "results/catalogue/members.tsv")["factor"]) <= {"SRF"}
    provenance = json.loads((folder / "results/provenance.json").read_text())
    sources = {provenance["fetched"].get(path) for path in provenance["inputs"]}
    assert {"ENCFF001AAA", f"{server.url}/genome.fa.gz"} <= sources


def test_a_second_run_needs_no_server(fetched):
    folder, _ = fetched
    assert "Nothing to be done" in snakemake(folder, "--cores", "2")


def test_deleted_results_are_made_from_what_was_kept(fetched, tmp_path):
    folder, _ = fetched
    with edited_module(folder, "data/downloads"):
        printed = snakemake(folder, "--dry-run")
        assert {"fetch_input", "fetch_encode"} == planned(printed, "Params have changed") - PAGES
    before = (folder / "results/first/peaks.bed").read_bytes()
    snakemake(folder, "--delete-all-output", "--cores", "1")
    assert not (folder / "results/inputs").exists() or not list(folder.glob("results/inputs/*/*"))
    snakemake(folder, "--cores", "2", "results/first/peaks.bed")
    assert (folder / "results/first/peaks.bed").read_bytes() == before


def test_what_cannot_be_had_is_said_in_one_line_each(server, project):
    peaks = gzip.compress(b"chr1\t100\t300\n", mtime=0)
    server.files |= {"/a.bed": b"chr1\t100\t300\n", "/page.bed": b"<html>", "/cut.gz": peaks[:-9]}
    server.files["/genome.fa.gz"] = gzip.compress(b">chr1\nACGT\n", mtime=0)
    server.add_encode("ENCFF001AAB", peaks, assembly="hg19")
    server.add_encode("ENCFF001AAC", peaks, md5sum="0a" * 16)
    server.add_encode("ENCFF001AAD", peaks, status="revoked")
    expected = {
        f"{server.url}/gone.bed": "404",
        f"{server.url}/page.bed": "web page",
        f"{server.url}/cut.gz": "gzip",
        f"{server.url}/a.bed#md5={'0a' * 16}": "md5",
        "ENCFF001AAB": "hg19",
        "ENCFF001AAC": "0a0a0a",
        "ENCFF001AAD": "revoked",
        "ENCFF001AAE": "404",
    }
    rows = [f"e{i}\t{source}\tdemo\n" for i, source in enumerate(expected)]
    write_project(project, server, "".join(rows))
    targets = [f"results/e{i}/peaks.bed" for i in range(len(rows))]
    printed = snakemake(project, "--cores", "2", "--keep-going", *targets, fails=True)
    errors = [line for line in printed.splitlines() if "ERROR: " in line]
    assert len(errors) == len(expected)
    for source, message in expected.items():
        [line] = [line for line in errors if source.partition("#")[0] in line]
        assert message in line
    assert [path.name for path in project.glob("results/inputs/*/*")] == ["genome.fa.gz"]


def test_nothing_is_asked_while_rules_are_read(server, project):
    write_project(project, server, "e\tENCFF001AAA\tdemo\n", blacklist=f"{server.url}/b.bed")
    server.asked.clear()
    assert {"fetch_input", "fetch_encode"} <= planned(snakemake(project, "--dry-run"))
    assert server.asked == []


@pytest.mark.parametrize(
    ("row", "fasta", "message"),
    [
        ("gs://b/x.bed", "ENCFF001AAA", "sheet.tsv, line 2: gs://b/x.bed"),
        (
            "ENCFF001AAA",
            "ENCFF001AAA",
            "config: genomes.demo.fasta: ENCFF001AAA",
        ),
    ],
)
def test_wrong_addresses_stop_before_any_job(server, project, row, fasta, message):
    write_project(project, server, f"e\t{row}\tdemo\n", fasta=fasta)
    assert message in snakemake(project, "--dry-run", fails=True)
