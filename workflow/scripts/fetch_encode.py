"""Download one file of the ENCODE portal by its accession, and its record."""

import json
from pathlib import Path

from peaks2motifs.core.joblog import joblog
from peaks2motifs.data.downloads import fetch, link_download
from peaks2motifs.data.encode import check_record, read_record


def fetch_encode(
    accession: str, portal: str, kind: str, assembly: str, download: str, output: str, record: str
) -> None:
    """Write `output`, a link to the file `download`, and `record`, fields of the portal as JSON.

    The portal's complete JSON is kept at <download>.json. A file of another format or assembly
    (see `encode.check_record`) is refused before it is downloaded, one of another MD5 afterwards.
    """
    portal_json = Path(f"{download}.json")
    fetch(f"{portal}/files/{accession}/?format=json", portal_json)
    fields = read_record(portal_json, accession)
    check_record(fields, kind, assembly)
    fetch(portal + fields["href"], Path(download), f"md5={fields['md5sum']}")
    link_download(Path(download), output)
    Path(record).write_text(json.dumps(fields, indent=1) + "\n")
    print(json.dumps(fields, indent=1))


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        fetch_encode(
            accession=snakemake.wildcards.accession,
            portal=snakemake.params.portal,
            kind=snakemake.params.kind,
            assembly=snakemake.params.assembly,
            download=snakemake.params.kept,
            output=snakemake.output.file,
            record=snakemake.output.record,
        )
