"""Fetch one file that the sample sheet or the config names by its address."""

from pathlib import Path

from peaks2motifs.core.joblog import joblog
from peaks2motifs.data.downloads import fetch, lay


def fetch_input(address: str, checksum: str, kept: str, output: str) -> None:
    """Write `output`, a link to the download at `kept`; one that is there is not fetched again."""
    fetch(address, Path(kept), checksum)
    lay(Path(kept), output)


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        fetch_input(
            address=snakemake.params.address,
            checksum=snakemake.params.checksum,
            kept=snakemake.params.kept,
            output=snakemake.output[0],
        )
