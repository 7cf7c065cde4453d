"""Downloads: tried again, gone on with where they stopped, kept only when whole and as meant."""

import fcntl
import gzip
import hashlib
import os
import shutil
import time
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPException
from pathlib import Path
from typing import BinaryIO, NamedTuple
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from peaks2motifs.core.joblog import InputError

TIMEOUT = 60  # seconds without a byte
TRIES = 4
_BLOCK = 1 << 20
_GZIP = b"\x1f\x8b"
_PASSING = {408, 425, 429}  # of the statuses 4xx, those that may be others next time
_CHANGED = {412, 416}  # what we have is no beginning of what is there now


class Reply(NamedTuple):
    """The bytes from `start` on; the size of the whole file, if told; the name of its version."""

    body: BinaryIO
    start: int
    size: int | None
    version: str


def fetch(address: str, kept: Path, checksum: str = "", pause: float = 5) -> None:
    """Have at `kept` what is at an address of http, https, ftp or s3, downloaded if not there.

    What came so far is in `<kept>.part`, where a later try or run goes on. `checksum` is
    `sha256=<hex>`, `md5=<hex>` or empty. Tries are `pause` seconds apart, then twice as many, and
    so on. Raises InputError, naming the address, for what cannot be had, and for broken gzip files,
    web pages, empty files and wrong checksums, whichever way they came.
    """
    kept.parent.mkdir(parents=True, exist_ok=True)
    with _alone(Path(f"{kept}.lock")):
        if kept.is_file():
            _check(kept, kept, address, checksum)
            print(f"{address}: already at {kept}")
            return
        part = Path(f"{kept}.part")
        _download(address, part, pause)
        _check(part, kept, address, checksum)
        os.replace(part, kept)
        print(f"{address}: {kept.stat().st_size} bytes, kept at {kept}")


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Wait for other runs that hold the lock `path`; where files cannot be locked go on without."""
    with open(path, "wb") as lock:
        with suppress(OSError):
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
        path.unlink(missing_ok=True)  # whoever waits for it finds the file kept


def lay(kept: Path, output: str) -> None:
    """Make `output` the same file as `kept`, as old as it; a copy where there are no links."""
    try:
        os.link(kept, output)
    except OSError:
        shutil.copy2(kept, output)


def _download(address: str, part: Path, pause: float) -> None:
    """Write what is at an address to the file `part`, in a few tries."""
    for attempt in range(1, TRIES + 1):
        try:
            return _transfer(address, part)
        except (OSError, HTTPException) as error:
            print(f"{address}: attempt {attempt} of {TRIES}: {error}")
            status = error.code if isinstance(error, HTTPError) else 0
            if status in _CHANGED:
                part.unlink(missing_ok=True)
            final = 400 <= status < 500 and status not in _PASSING | _CHANGED
            if final or attempt == TRIES:
                kept = part.with_suffix("")
                raise InputError(f"{address}: {error}; {_advice(kept)}") from error
            time.sleep(pause * 2 ** (attempt - 1))


def _transfer(address: str, part: Path) -> None:
    """Write what is missing of `part`; OSError when fewer bytes came than were promised.

    What is there is gone on with only where the server names the version it is of.
    """
    note = Path(f"{part}.version")
    version = note.read_text() if note.is_file() and part.is_file() else ""
    have = part.stat().st_size if version else 0
    opened = _open_s3 if address.startswith("s3://") else _open_url
    with opened(address, have, version) as reply:
        if reply.start and reply.version != version:
            part.unlink()
            raise OSError("the file has changed meanwhile")
        note.write_text(reply.version)
        with open(part, "ab" if reply.start else "wb") as target:
            shutil.copyfileobj(reply.body, target, _BLOCK)
    received = part.stat().st_size
    if reply.size is not None and received != reply.size:
        raise OSError(f"connection lost after {received} of {reply.size} bytes")
    note.unlink()


@contextmanager
def _open_url(address: str, have: int, version: str) -> Iterator[Reply]:
    """Open what urllib can; of HTTP the rest of what we have, or all of it if it has changed."""
    headers = {"User-Agent": "peaks2motifs"}
    if have:
        headers |= {"Range": f"bytes={have}-", "If-Range": version}
    with urlopen(Request(address, headers=headers), timeout=TIMEOUT) as reply:
        start = have if reply.status == 206 else 0
        promised = reply.headers.get("Content-Length")
        tag = reply.headers.get("ETag", "W/")
        version = reply.headers.get("Last-Modified", "") if tag.startswith("W/") else tag
        yield Reply(reply, start, promised and start + int(promised), version)


@contextmanager
def _open_s3(address: str, have: int, version: str) -> Iterator[Reply]:
    """Open an object of S3, signed if boto3 finds credentials; AWS_ENDPOINT_URL says whose S3."""
    import boto3  # half a second, for s3 alone
    from botocore import UNSIGNED
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    session = boto3.Session()
    config = None if session.get_credentials() else Config(signature_version=UNSIGNED)
    bucket, _, key = address.removeprefix("s3://").partition("/")
    rest = {"Range": f"bytes={have}-", "IfMatch": version} if have else {}
    try:
        reply = session.client("s3", config=config).get_object(Bucket=bucket, Key=key, **rest)
        with closing(reply["Body"]) as body:
            yield Reply(body, have, have + reply["ContentLength"], reply["ETag"])
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        message = error.response["Error"].get("Message", "")
        raise HTTPError(address, status, message, None, None) from error
    except BotoCoreError as error:
        raise OSError(str(error)) from error


def _check(path: Path, kept: Path, address: str, checksum: str) -> None:
    """Raise InputError unless a file is what its name promises and has its checksum.

    A download that fails is deleted, a file that the user put there is not.
    """
    fault = _content_fault(path, kept.name) or _checksum_fault(path, checksum)
    if fault and path == kept:
        raise InputError(f"{address}: {kept} is {fault}; delete it to fetch it anew")
    if fault:
        path.unlink()
        raise InputError(f"{address}: what came is {fault}; {_advice(kept)}")


def _content_fault(path: Path, name: str) -> str:
    """What is wrong with a file by its bytes alone; gzip files are read to their end."""
    with open(path, "rb") as file:
        head = file.read(200)
    if not head:
        return "an empty file"
    if name.endswith((".gz", ".bgz")) and not head.startswith(_GZIP):
        return f"not a gzip file, it begins with {head[:40]!r}"
    if head.startswith(_GZIP):
        try:
            with gzip.open(path) as file:
                head = file.read(200)
                while file.read(_BLOCK):
                    pass
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            return f"a broken or truncated gzip file: {error}"
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"<") or (head.startswith(b"{") and not name.endswith(".json")):
        return f"a web page or an error message, it begins with {head[:40]!r}"
    return ""


def _checksum_fault(path: Path, checksum: str) -> str:
    """What is wrong with a file by its checksum, if one is given."""
    if not checksum:
        return ""
    name, _, expected = checksum.partition("=")
    with open(path, "rb") as file:
        digest = hashlib.file_digest(file, lambda: hashlib.new(name, usedforsecurity=False))
    found = digest.hexdigest()
    return "" if found == expected else f"of {name} {found}, expected {expected}"


def _advice(kept: Path) -> str:
    """What the user can do without this download."""
    return f"try again later, or put the file at {kept} yourself"
