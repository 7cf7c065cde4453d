"""Downloads that retry, resume, and are kept only if complete and of the expected content."""

import fcntl
import gzip
import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPException
from pathlib import Path
from typing import BinaryIO, NamedTuple
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from peaks2motifs.core.compression import GZIP_ERRORS, GZIP_START
from peaks2motifs.core.joblog import InputError

TIMEOUT = 60  # seconds without a byte
TRIES = 4
_BLOCK = 1 << 20
_TRANSIENT = {408, 425, 429}  # 4xx statuses that may change with the next attempt
_CHANGED = {412, 416}  # the partial file is not the beginning of the current one


class Reply(NamedTuple):
    """A response: bytes from `start` on, size of the whole file if known, and its version."""

    body: BinaryIO
    start: int
    size: int | None
    version: str


def fetch(address: str, target: Path, checksum: str = "", pause: float = 5) -> None:
    """Download an address of http, https, ftp or s3 to `target`, unless it exists.

    An incomplete download is `<target>.part`; a later attempt or run resumes it. `checksum` is
    `sha256=<hex>`, `md5=<hex>` or empty. Attempts are `pause` seconds apart, then twice as long,
    and so on. Raises InputError, naming the address, if the download fails, or if the file is a
    broken gzip file, a web page, empty, or of another checksum, even if it was not downloaded.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with _file_lock(Path(f"{target}.lock")):
        if target.is_file():
            _check(target, target, address, checksum)
            print(f"{address}: already at {target}")
            return
        part = Path(f"{target}.part")
        _download(address, part, pause)
        _check(part, target, address, checksum)
        os.replace(part, target)
        print(f"{address}: {target.stat().st_size} bytes, kept at {target}")


@contextmanager
def _file_lock(path: Path) -> Iterator[None]:
    """Wait for other runs that hold the lock `path`; ignore file systems without locks."""
    with open(path, "wb") as lock:
        with suppress(OSError):
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
        path.unlink(missing_ok=True)  # a waiting run then finds the downloaded file


def link_download(download: Path, output: str) -> None:
    """Link `output` to a download; on file systems without hard links copy it, with its time."""
    try:
        os.link(download, output)
    except OSError:
        shutil.copy2(download, output)


def _download(address: str, part: Path, pause: float) -> None:
    """Download an address to the file `part`, in up to `TRIES` attempts."""
    for attempt in range(1, TRIES + 1):
        try:
            return _transfer(address, part)
        except (OSError, HTTPException) as error:
            print(f"{address}: attempt {attempt} of {TRIES}: {error}")
            status = error.code if isinstance(error, HTTPError) else 0
            if status in _CHANGED:
                part.unlink(missing_ok=True)
            is_final = 400 <= status < 500 and status not in _TRANSIENT | _CHANGED
            if is_final or attempt == TRIES:
                target = part.with_suffix("")
                raise InputError(f"{address}: {error}; {_advice(target)}") from error
            time.sleep(pause * 2 ** (attempt - 1))


def _transfer(address: str, part: Path) -> None:
    """Download the missing bytes of `part`; raise OSError if the connection is lost.

    A partial file is resumed only if the server names the version that it belongs to.
    """
    version_file = Path(f"{part}.version")
    version = version_file.read_text() if version_file.is_file() and part.is_file() else ""
    size = part.stat().st_size if version else 0
    open_address = _open_s3 if address.startswith("s3://") else _open_url
    with open_address(address, size, version) as reply:
        if reply.start and reply.version != version:
            part.unlink()
            raise OSError("the file has changed meanwhile")
        version_file.write_text(reply.version)
        with open(part, "ab" if reply.start else "wb") as file:
            shutil.copyfileobj(reply.body, file, _BLOCK)
    received = part.stat().st_size
    if reply.size is not None and received != reply.size:
        raise OSError(f"connection lost after {received} of {reply.size} bytes")
    version_file.unlink()


@contextmanager
def _open_url(address: str, size: int, version: str) -> Iterator[Reply]:
    """Open an address with urllib; over HTTP from byte `size` on, unless the file has changed."""
    headers = {"User-Agent": "peaks2motifs"}
    if size:
        headers |= {"Range": f"bytes={size}-", "If-Range": version}
    with urlopen(Request(address, headers=headers), timeout=TIMEOUT) as reply:
        start = size if reply.status == 206 else 0
        n_bytes = reply.headers.get("Content-Length")
        tag = reply.headers.get("ETag", "W/")
        version = reply.headers.get("Last-Modified", "") if tag.startswith("W/") else tag
        yield Reply(reply, start, n_bytes and start + int(n_bytes), version)


@contextmanager
def _open_s3(address: str, size: int, version: str) -> Iterator[Reply]:
    """Open an S3 object from byte `size` on, signed if boto3 finds credentials.

    The environment variable AWS_ENDPOINT_URL selects another server.
    """
    import boto3  # takes half a second, so only for S3
    from botocore import UNSIGNED
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    session = boto3.Session()
    config = None if session.get_credentials() else Config(signature_version=UNSIGNED)
    bucket, _, key = address.removeprefix("s3://").partition("/")
    rest = {"Range": f"bytes={size}-", "IfMatch": version} if size else {}
    try:
        reply = session.client("s3", config=config).get_object(Bucket=bucket, Key=key, **rest)
        with closing(reply["Body"]) as body:
            yield Reply(body, size, size + reply["ContentLength"], reply["ETag"])
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        message = error.response["Error"].get("Message", "")
        raise HTTPError(address, status, message, None, None) from error
    except BotoCoreError as error:
        raise OSError(str(error)) from error


def _check(path: Path, target: Path, address: str, checksum: str) -> None:
    """Raise InputError unless a file's content fits its name and checksum.

    A bad download is deleted; a bad file at `target`, perhaps the user's, is kept.
    """
    fault = _content_fault(path, target.name) or _checksum_fault(path, checksum)
    if fault and path == target:
        raise InputError(f"{address}: {target} is {fault}; delete it to download it again")
    if fault:
        path.unlink()
        raise InputError(f"{address}: the download is {fault}; {_advice(target)}")


def _content_fault(path: Path, name: str) -> str:
    """Describe what is wrong with a file's content, or ""; gzip files are read to their end."""
    with open(path, "rb") as file:
        head = file.read(200)
    if not head:
        return "an empty file"
    if name.endswith((".gz", ".bgz")) and not head.startswith(GZIP_START):
        return f"not a gzip file, it begins with {head[:40]!r}"
    if head.startswith(GZIP_START):
        try:
            with gzip.open(path) as file:
                head = file.read(200)
                while file.read(_BLOCK):
                    pass
        except GZIP_ERRORS as error:
            return f"a broken or truncated gzip file: {error}"
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"<") or (head.startswith(b"{") and not name.endswith(".json")):
        return f"a web page or an error message, it begins with {head[:40]!r}"
    return ""


def _checksum_fault(path: Path, checksum: str) -> str:
    """Describe how a file's checksum differs from `checksum`, or ""."""
    if not checksum:
        return ""
    name, _, expected = checksum.partition("=")
    with open(path, "rb") as file:
        digest = hashlib.file_digest(file, lambda: hashlib.new(name, usedforsecurity=False))
    actual = digest.hexdigest()
    return "" if actual == expected else f"of {name} {actual}, expected {expected}"


def _advice(target: Path) -> str:
    """Advise what to do without this download."""
    return f"try again later, or put the file at {target} yourself"
