"""Files named by address or accession: how they are written, and where they are put."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from peaks2motifs.checks.errors import InputError, located

FOLDER = "results/inputs"
ACCESSION = r"ENCFF\d{3}[A-Z]{3}"
PORTAL = "https://www.encodeproject.org"
_SCHEMES = ("http", "https", "ftp", "s3")
_LENGTHS = {"md5": 32, "sha256": 64}
# In a cell of the sheet, alone or as in `class=address;class=address`.
IN_CELL = re.compile(rf"(?<![^;=])\s*(\w+://[^;]+|{ACCESSION}(?![^;\s]))")


class Source(NamedTuple):
    """A file as the user named it, and what the ENCODE portal's must be, "" for any."""

    where: str  # the place in sheet or config, for messages
    text: str  # a path, an address or an accession
    kind: str = ""
    assembly: str = ""


def is_remote(text: str) -> bool:
    """Tell an address or an accession of the ENCODE portal from a path."""
    return "://" in text or is_accession(text)


def is_accession(text: str) -> bool:
    """Tell whether text is the accession of a file of the ENCODE portal, such as ENCFF660GHM."""
    return re.fullmatch(ACCESSION, text) is not None


def split_checksum(text: str) -> tuple[str, str]:
    """Split `address#sha256=<hex>` or `address#md5=<hex>` into address and checksum, maybe empty.

    The checksum is as it was written, in lower case. Raises InputError for other schemes than http,
    https, ftp and s3, for addresses of no file, and for checksums of the wrong kind or length.
    """
    address, _, checksum = text.strip().partition("#")
    scheme, _, rest = address.partition("://")
    if scheme not in _SCHEMES:
        raise InputError(f"{text}: {scheme}, expected an address of {', '.join(_SCHEMES)}")
    if not all(rest.partition("/")[::2]) or address.endswith("/"):
        raise InputError(f"{text}: expected the address of a file, {scheme}://place/file")
    if scheme != "s3" and not re.fullmatch("[!-~]+", address):
        raise InputError(
            f"{text}: expected %20 for a blank, and percent-encoding of non-ASCII letters"
        )
    try:
        urlsplit(address).port  # noqa: B018 (raises where it is no number)
    except ValueError as error:
        raise InputError(f"{text}: {error}, expected the address of a file") from None
    name, _, digest = checksum.lower().partition("=")
    length = _LENGTHS.get(name)
    if checksum and not (length and re.fullmatch(f"[0-9a-f]{{{length}}}", digest)):
        raise InputError(
            f"{text}: #{checksum}, expected #sha256= and 64 or #md5= and 32 hex digits"
        )
    return address, checksum.lower()


def local_path(text: str) -> str:
    """Where the file of an address or accession lies once it is fetched.

    The same address with another checksum is another file, so that either is checked.
    """
    if is_accession(text):
        return f"{FOLDER}/encode/{text}"
    address, checksum = split_checksum(text)
    key = hashlib.sha256(f"{address}#{checksum}".encode()).hexdigest()[:8]
    name = re.sub(r"[^A-Za-z0-9._+-]", "_", address.partition("?")[0].rpartition("/")[2])
    return f"{FOLDER}/{key}/{name}"


def mirrored(address: str, mirrors: Mapping[str, str]) -> str:
    """The address with the first of its beginnings that has a mirror replaced by it."""
    found = next((start for start in mirrors if address.startswith(start)), "")
    return mirrors.get(found, "") + address.removeprefix(found)


def at_hand(text: str) -> str:
    """The path of a file: its own, or the one to which a rule fetches it."""
    return local_path(text) if is_remote(text) else text


def fetched_files(sources: Iterable[Source], mirrors: Mapping[str, str]) -> dict[str, dict]:
    """What rules need to know of each file that they fetch, by its local path.

    `source` is the user's text; `address` and `checksum` are those of a file named by address;
    `kind` and `assembly` are what a file named by accession must be. Raises InputError for bad
    addresses, and for an accession from which two places expect different things.
    """
    files = {}
    for source in sources:
        if is_remote(source.text):
            with located(source.where):
                known = files.setdefault(local_path(source.text), _describe(source.text, mirrors))
                if is_accession(source.text):
                    _expect(known, source)
    return files


def _describe(text: str, mirrors: Mapping[str, str]) -> dict[str, str]:
    address, checksum = ("", "") if is_accession(text) else split_checksum(text)
    address = mirrored(address, mirrors)
    return {"source": text, "address": address, "checksum": checksum, "kind": "", "assembly": ""}


def _expect(known: dict[str, str], source: Source) -> None:
    """Note in `known` what is expected of an accession; InputError if something else already is."""
    for key, value in {"kind": source.kind, "assembly": source.assembly}.items():
        if value and known[key] not in ("", value):
            raise InputError(f"{source.text}: {key} {value}, elsewhere it is {known[key]}")
        known[key] = known[key] or value
