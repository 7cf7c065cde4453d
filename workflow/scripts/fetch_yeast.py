"""Fetch one file of the yeast example, from a folder that has it or from its public source."""

import os
import shutil
import time
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from peaks2motifs.joblog import InputError, joblog

TIMEOUT = 60  # seconds without a byte
TRIES = 3


def fetch_yeast(url: str, local: str, output: str, pause: float = 5) -> None:
    """Write `output` as a copy of the file `local` where that exists, else by downloading `url`.

    A download goes to `<output>.part` and is renamed when it is complete and looks like what the
    name of `output` says (`check_content`); it is tried three times, `pause` seconds apart.
    Raises InputError, naming the address and a way out, when it cannot be had.
    """
    part = Path(f"{output}.part")
    if Path(local).is_file():
        shutil.copyfile(local, part)
        print(f"{output}: copied from {local}")
    else:
        download(url, part, pause)
        print(f"{output}: downloaded from {url}")
    check_content(part, output, local if Path(local).is_file() else url)
    os.replace(part, output)


def download(url: str, part: Path, pause: float) -> None:
    """Write what `url` holds to the file `part`, in a few tries."""
    for attempt in range(1, TRIES + 1):
        try:
            with urlopen(url, timeout=TIMEOUT) as source, open(part, "wb") as target:
                shutil.copyfileobj(source, target)
                complete(source.headers.get("Content-Length"), target.tell())
                return
        except (OSError, HTTPException) as error:
            print(f"{url}: attempt {attempt} of {TRIES}: {error}")
            gone = isinstance(error, HTTPError) and error.code in (403, 404, 410)
            if gone or attempt == TRIES:
                part.unlink(missing_ok=True)
                raise InputError(f"{url}: {error}; {advice(part)}") from error
            time.sleep(pause * attempt)


def complete(promised: str | None, received: int) -> None:
    """Raise OSError when fewer bytes came than the server promised; urllib itself does not."""
    if promised is not None and int(promised) != received:
        raise OSError(f"connection lost after {received} of {promised} bytes")


def check_content(part: Path, output: str, source: str) -> None:
    """Refuse, and delete, a `.gz` without gzip's first bytes and a BED without a BED first line."""
    head = part.read_bytes()[:200]
    if not (head[:2] == b"\x1f\x8b" if output.endswith(".gz") else looks_like_bed(head)):
        part.unlink()
        kind = "a gzip file" if output.endswith(".gz") else "BED"
        raise InputError(f"{source}: not {kind}, it begins with {head[:40]!r}; {advice(part)}")


def looks_like_bed(head: bytes) -> bool:
    """Tell whether the first line is `chrom<tab>start<tab>end...`."""
    fields = head.split(b"\n")[0].split(b"\t")
    return len(fields) >= 3 and fields[1].isdigit() and fields[2].split()[0].isdigit()


def advice(part: Path) -> str:
    """Say what the user can do without this download."""
    return f"try again later, or put the file at {part.with_suffix('')} yourself"


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        fetch_yeast(
            url=snakemake.params.url, local=snakemake.params.local, output=snakemake.output[0]
        )
