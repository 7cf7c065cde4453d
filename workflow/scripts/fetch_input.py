"""Download one file that the sample sheet or the config names by its address."""

from pathlib import Path

from peaks2motifs.core.joblog import joblog
from peaks2motifs.data.downloads import fetch, link_download


def fetch_input(address: str, checksum: str, download: str, output: str) -> None:
    """Write `output`, a link to the file `download`; an existing one is not downloaded again."""
    fetch(address, Path(download), checksum)
    link_download(Path(download), output)


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        fetch_input(
            address=snakemake.params.address,
            checksum=snakemake.params.checksum,
            download=snakemake.params.kept,
            output=snakemake.output[0],
        )
