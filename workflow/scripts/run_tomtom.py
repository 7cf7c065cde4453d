"""Compare the families of one experiment with known motifs by the MEME Suite's tomtom."""

import subprocess
from pathlib import Path

from peaks2motifs.core.joblog import InputError, joblog
from peaks2motifs.motifs.meme import read_meme


def run_tomtom(families: str, database: str, folder: str, q_value: float) -> None:
    """Run tomtom, which writes its page and tables into `folder`.

    As in our tomtom.tsv, it uses the Euclidean distance and reports matches with q up to `q_value`.
    Without families, `folder` stays empty. Raises InputError if tomtom is not installed or fails.
    """
    if not read_meme(families)[0]:
        Path(folder).mkdir(exist_ok=True)
        return
    options = ["-no-ssc", "-dist", "ed", "-thresh", str(q_value), "-oc", folder]
    try:
        subprocess.run(["tomtom", *options, families, database], check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise InputError(f"names.tomtom_html: {error}") from None


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        run_tomtom(
            families=snakemake.input.families,
            database=snakemake.input.database,
            folder=snakemake.output[0],
            q_value=snakemake.params.q_value,
        )
