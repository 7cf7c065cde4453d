"""Records of files in the ENCODE portal, from its JSON API."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

from peaks2motifs.core.joblog import InputError

# Synonyms of assemblies, in lower case.
_SYNONYMS = {
    "grch38": "hg38",
    "grch37": "hg19",
    "grcm39": "mm39",
    "grcm38": "mm10",
    "bdgp6": "dm6",
    "wbcel235": "ce11",
}
FIELDS = ("accession", "assembly", "dataset", "file_format", "href", "md5sum")
FIELDS += ("output_type", "status", "target")


def read_record(path: str | Path, accession: str) -> dict[str, str]:
    """Read the portal's JSON of a file and keep `FIELDS`; the target becomes its label.

    Source: https://www.encodeproject.org/help/rest-api/. Raises InputError for anything but the
    JSON of this file.
    """
    try:
        record = json.loads(Path(path).read_text())
        target = record.get("target") or ""
        if isinstance(target, dict):
            target = target.get("label") or ""
        if record.get("accession") != accession:
            raise ValueError(f"accession {record.get('accession')}")
    except (ValueError, AttributeError) as error:
        raise InputError(f"{path}: {error}, expected the JSON of the file {accession}") from None
    return {field: str(record.get(field) or "") for field in FIELDS} | {"target": str(target)}


def check_record(record: dict[str, str], kind: str, assembly: str) -> None:
    """Raise InputError unless a file is available and of this format and assembly.

    `kind` is a file_format of the portal, such as bed; `assembly` is any usual name, such as hg38
    or GRCh38. An empty string accepts all. Archived files, which have newer versions, give a
    warning.
    """
    name, status = record["accession"], record["status"]
    if status not in ("released", "archived") or not record["href"]:
        raise InputError(f"{name}: the portal's file is {status or 'without status'}, not released")
    if status == "archived":
        print(f"WARNING: {name} is archived, the portal has newer files of {record['dataset']}")
    if kind and record["file_format"] != kind:
        actual = f"{record['output_type']} as {record['file_format']}"
        raise InputError(f"{name}: {actual}, expected a file of format {kind}")
    if assembly and same_assembly(record["assembly"]) != same_assembly(assembly):
        raise InputError(
            f"{name}: assembly {record['assembly'] or 'unknown'}, the genome is {assembly}; "
            "if they are the same, set genomes.<name>.assembly"
        )


def same_assembly(name: str) -> str:
    """Return the common name of an assembly: hg38 for GRCh38, GRCh38.p14 and GRCh38-minimal."""
    short = re.sub(r"(\.p\d+)?(-minimal)?$", "", name.lower())
    return _SYNONYMS.get(short, short)


def fill_factors(factors: Sequence[str], records: Sequence[str]) -> list[str]:
    """Replace factors that are accessions by the targets in their records, given by path."""
    targets = {Path(path).stem: json.loads(Path(path).read_text())["target"] for path in records}
    return [targets.get(factor, factor) for factor in factors]
