"""Write the index after a run that failed: failures first, then the finished experiments.

The Snakefile's `onerror` runs it in the Python of Snakemake itself, so it may import nothing beyond
pandas, which the sample sheet needs, and jinja2, which Snakemake brings.
"""

import os
from collections.abc import Collection, Mapping
from pathlib import Path

from peaks2motifs.core.runlog import describe_failures, read_jobs
from peaks2motifs.pages.index_page import SETTINGS, list_experiments, write_index

PAGE_FILES = ("metrics.json", "families.tsv", "families.meme", "report.html")


def list_failures(
    log: str, files: Mapping, params: Mapping, page: str, pending: Collection[str]
) -> None:
    """Write the index of the finished experiments, with the failures that `log` lists.

    An experiment is finished if none of its `PAGE_FILES` is among `pending`, the files not made.
    `log` is Snakemake's own, `files` and `params` are the inputs and params of rule write_index.
    The page is dated before its inputs, so that the next run makes it anew.
    """
    records = [path for path in files["records"] if Path(path).is_file()]
    lists = [params[name] for name in ("experiments", "factors", "genomes")]
    finished, unfinished = [], []
    for row in list_experiments(*lists, records, files):
        folder = f"results/{row['experiment']}"
        is_finished = not any(f"{folder}/{file}" in pending for file in PAGE_FILES)
        (finished if is_finished else unfinished).append(row)
    write_index(
        finished,
        page,
        {name: files[name] for name in ("template", "style", "script")},
        {name: params[name] for name in SETTINGS},
        failures=describe_failures(read_jobs(Path(log).read_text(errors="replace"))),
        unfinished=[row["experiment"] for row in unfinished],
    )
    os.utime(page, (1, 1))
