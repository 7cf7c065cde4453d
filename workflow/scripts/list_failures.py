"""Write the index after a run that failed: what failed on top, then what is finished.

No rule runs it but the Snakefile's `onerror`, in the Python of Snakemake itself, which has pandas
for the sample sheet and brings jinja2: nothing else may be needed.
"""

import os
from collections.abc import Collection, Mapping
from pathlib import Path

from peaks2motifs.core.runlog import failures, read_run
from peaks2motifs.pages.index_page import ABOUT, list_experiments, write_index

FILES = ("metrics.json", "families.tsv", "families.meme", "report.html")


def list_failures(
    log: str, files: Mapping, params: Mapping, page: str, pending: Collection[str]
) -> None:
    """Write the index of experiments none of whose `FILES` is among `pending`, files not made.

    `log` is Snakemake's own; `files` and `params` are the inputs and params of rule write_index.
    The page is dated before all that it is made of, so that the next run makes it anew.
    """
    records = [path for path in files["records"] if Path(path).is_file()]
    lists = [params[name] for name in ("experiments", "factors", "genomes")]
    done, unfinished = [], []
    for row in list_experiments(*lists, records, files):
        name = row["experiment"]
        is_done = not any(f"results/{name}/{file}" in pending for file in FILES)
        (done if is_done else unfinished).append(row)
    write_index(
        done,
        page,
        {name: files[name] for name in ("template", "style", "script")},
        {name: params[name] for name in ABOUT},
        failures=failures(read_run(Path(log).read_text(errors="replace"))),
        unfinished=[row["experiment"] for row in unfinished],
    )
    os.utime(page, (1, 1))
