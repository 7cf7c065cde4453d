"""Write experiments.tsv: one row per peak file in the repository of Rossi et al. 2021.

python config/examples/yeast-400/list_factors.py
"""

import json
import re
import sys
from pathlib import Path
from urllib.request import urlopen

LISTING = (
    "https://api.github.com/repos/CEGRcode/2021-Rossi_Nature/contents/04_ChExMix_Peaks?ref=master"
)
MIN_SIZE = 4500  # bytes: about a hundred peaks; fewer cannot train a model
NAME = re.compile(r"(?:\d+_)?([A-Za-z0-9]+)_(?:CX|chexmix_filtered_new)\.bed")


def list_factors(listing: str, sheet: Path) -> None:
    """Write a sample sheet of the peak files in GitHub's listing of a folder.

    Files are named <Factor>_CX.bed or <number>_<FACTOR>_chexmix_filtered_new.bed. Those smaller
    than `MIN_SIZE` are omitted. If a factor has two files, the first in alphabetical order is used.
    """
    with urlopen(listing) as reply:
        files = json.load(reply)
    rows = {}
    for file in sorted(files, key=lambda file: file["name"]):
        match = NAME.fullmatch(file["name"])
        if match and file["size"] >= MIN_SIZE:
            factor = match[1].capitalize() if match[1].isupper() else match[1]
            rows.setdefault(factor, file["download_url"])
    lines = [f"{factor}\t{address}\tsacCer3\t{factor}\n" for factor, address in rows.items()]
    sheet.write_text("".join(["experiment\tpeaks\tgenome\tfactor\n", *sorted(lines)]))
    print(f"{sheet}: {len(lines)} factors of {len(files)} files")


if __name__ == "__main__":
    list_factors(*sys.argv[1:] or [LISTING], Path(__file__).with_name("experiments.tsv"))
