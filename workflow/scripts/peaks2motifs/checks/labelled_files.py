"""Files of sequences and labels in a row of the sample sheet, and the classes that they name."""

import gzip
import re
import zlib
from collections.abc import Mapping
from pathlib import Path

from peaks2motifs.checks.errors import InputError

FILES = ("sequences", "background", "labels", "test")  # columns of a row of sequences
TRUTH = {"1": 1, "+1": 1, "1.0": 1, "0": 0, "-1": 0, "0.0": 0}  # labels that name no class
# Of a class, which is a folder among the model's own files.
_FOLDER = re.compile(
    r"(?!.*\.(?:h5|keras|tsv|gz|json|html|bed|meme)$)[A-Za-z0-9][A-Za-z0-9._+|()-]*"
)
_CLASS = re.compile(r"([^=/]+)=(.+)")
_HDF5 = b"\x89HDF\r\n\x1a\n"
_HDF5_NAMES = (".h5", ".hdf5", ".hdf", ".mat")


def sequence_files(row: Mapping[str, str]) -> tuple[list[str], dict[str, list[str]]]:
    """List the classes that a row of sequences names, none or two and more, and files by column.

    Raises InputError, with the column, unless just one of these says what the labels are: an HDF5
    file itself (`labels` may name its columns); `background`; `labels`; or several classes. `test`
    holds as many files as there are to train, and in their order, unless it names the classes.
    """
    cells = {column: split_cell(column, row[column]) for column in FILES}
    named, files = ({column: cell[i] for column, cell in cells.items()} for i in (0, 1))
    classes = named["sequences"]
    for column in ("background", "labels"):
        if len(files[column]) > 1 or named[column]:
            raise InputError(f"{column}: {row[column]!r}, expected one file")
    if len(files["sequences"]) > 1 and not classes:
        raise InputError("sequences: several files, expected class=file;class=file")
    if is_hdf5(files["sequences"][0]):
        _check_alone(classes, files)
        return classes, files
    found = [column for column in ("background", "labels") if files[column]]
    found += ["classes"] * bool(classes)
    if len(found) != 1 or len(classes) == 1:
        raise InputError(
            f"sequences: text with {' and '.join(found) or 'nothing'} to give the labels, "
            "expected background, or labels, or two or more class=file;class=file"
        )
    files["test"] = _in_order(named["test"], classes, files["test"])
    number = len(files["sequences"]) + len(files["background"]) + len(files["labels"])
    if len(files["test"]) not in (0, number):
        raise InputError(
            f"test: {len(files['test'])} files, expected as many as to train: {number}"
        )
    return classes, files


def known_classes(classes: list[str], files: Mapping[str, list[str]]) -> list[str]:
    """Name the classes of a row of sequences in order, or none: then it is label 1 against 0.

    `classes` and `files` are what `sequence_files` gives. Names are those of the cell, the lines of
    the file `labels` of HDF5, or the words in the files of labels. Raises InputError for names that
    cannot be those of folders.
    """
    if not classes and is_hdf5(files["sequences"][0]):
        classes = [word for path in files["labels"] for word in _read_words(path)]
    elif not classes and files["labels"]:
        paths = [*files["labels"], *files["test"][1:]]
        classes = order_classes({word for path in paths for word in _read_words(path)})
    bad = [name for name in classes if not _FOLDER.fullmatch(name)]
    if bad:
        raise InputError(
            f"class {bad[0]!r}, expected letters, digits and . _ - + | ( ) of a folder"
        )
    if len(set(classes)) < len(classes):
        twice = next(name for name in classes if classes.count(name) > 1)
        raise InputError(f"class {twice!r} occurs twice, expected each name once")
    return classes if len(classes) > 1 else []


def order_classes(labels: set[str]) -> list[str]:
    """Sort labels that name classes, as numbers or else by the alphabet; 0 and 1 name none."""
    if labels <= TRUTH.keys():
        return []
    return sorted(labels, key=int if all(re.fullmatch(r"\d+", label) for label in labels) else None)


def _read_words(path: str) -> list[str]:
    """The lines of a text file, plain or gzip, or none while it is not there."""
    if not Path(path).is_file():
        return []
    data = Path(path).read_bytes()
    try:
        data = gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
    except (EOFError, OSError, zlib.error) as error:
        raise InputError(f"{path}: broken or truncated gzip file: {error}") from None
    lines = data.decode("utf-8-sig", errors="replace").splitlines()
    return [line.strip() for line in lines if line.strip()]


def split_cell(column: str, cell: str) -> tuple[list[str], list[str]]:
    """Split `file`, `file;file` or `class=file;class=file` into names of classes and paths.

    A sign = behind a / is part of a path.
    """
    parts = [part.strip() for part in cell.split(";")] if cell else []
    found = [_CLASS.fullmatch(part) for part in parts]
    if not all(parts) or (any(found) and not all(found)):
        raise InputError(f"{column}: {cell!r}, expected file;file or class=file;class=file")
    if not any(found):
        return [], parts
    names = [match[1].strip() for match in found]
    if len(set(names)) < len(names):
        raise InputError(f"{column}: {cell!r} names a class twice, expected each once")
    return names, [match[2].strip() for match in found]


def is_hdf5(path: str) -> bool:
    """Tell whether a file is HDF5: by its signature, or by its name while it is not there."""
    if not Path(path).is_file():
        return path.endswith(_HDF5_NAMES)
    with open(path, "rb") as file:
        start = file.read(2048 + len(_HDF5))
    return any(start[place:].startswith(_HDF5) for place in (0, 512, 1024, 2048))


def _check_alone(classes: list[str], files: dict[str, list[str]]) -> None:
    found = ["classes"] * bool(classes)
    found += [column for column in ("background", "test") if files[column]]
    if found:
        raise InputError(
            f"sequences: HDF5 with {' and '.join(found)}, expected it alone or with labels, "
            "a file of names for the columns of y"
        )


def _in_order(names: list[str], classes: list[str], paths: list[str]) -> list[str]:
    """The files of a test cell in the order of classes."""
    if not names:
        return paths
    if set(names) != set(classes):
        raise InputError(f"test: classes {', '.join(names)} differ from the training classes")
    by_name = dict(zip(names, paths, strict=True))
    return [by_name[name] for name in classes]
