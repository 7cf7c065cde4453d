"""Fetch one file of the ENCODE portal by its accession, and what the portal says of it."""

import json
from pathlib import Path

from peaks2motifs.core.joblog import joblog
from peaks2motifs.data.downloads import fetch, lay
from peaks2motifs.data.encode import check_record, read_record


def fetch_encode(
    accession: str, portal: str, kind: str, assembly: str, kept: str, output: str, record: str
) -> None:
    """Write `output`, a link to the download at `kept`, and `record`, the portal's fields as JSON.

    The portal's own JSON is kept at <kept>.json. A file of another kind or assembly (see
    `portal.check_record`) is refused before it is downloaded, one of another MD5 afterwards.
    """
    about = Path(f"{kept}.json")
    fetch(f"{portal}/files/{accession}/?format=json", about)
    found = read_record(about, accession)
    check_record(found, kind, assembly)
    fetch(portal + found["href"], Path(kept), f"md5={found['md5sum']}")
    lay(Path(kept), output)
    Path(record).write_text(json.dumps(found, indent=1) + "\n")
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        fetch_encode(
            accession=snakemake.wildcards.accession,
            portal=snakemake.params.portal,
            kind=snakemake.params.kind,
            assembly=snakemake.params.assembly,
            kept=snakemake.params.kept,
            output=snakemake.output.file,
            record=snakemake.output.record,
        )
