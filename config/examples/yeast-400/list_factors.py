"""Write experiments.tsv: a row for each peak file of Rossi et al. 2021 in their repository.

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
LEAST = 4500  # bytes: some hundred peaks; with fewer there is nothing to learn
NAME = re.compile(r"(?:\d+_)?([A-Za-z0-9]+)_(?:CX|chexmix_filtered_new)\.bed")


def list_factors(listing: str, sheet: Path) -> None:
    """Write a sample sheet of the files that GitHub's listing of a folder names.

    A file is called <Factor>_CX.bed or <number>_<FACTOR>_chexmix_filtered_new.bed; those of fewer
    than `LEAST` bytes are left out. Of two files of one factor the first in the alphabet is taken.
    """
    with urlopen(listing) as reply:
        files = json.load(reply)
    rows = {}
    for file in sorted(files, key=lambda file: file["name"]):
        found = NAME.fullmatch(file["name"])
        if found and file["size"] >= LEAST:
            factor = found[1].capitalize() if found[1].isupper() else found[1]
            rows.setdefault(factor, file["download_url"])
    lines = [f"{factor}\t{address}\tsacCer3\t{factor}\n" for factor, address in rows.items()]
    sheet.write_text("".join(["experiment\tpeaks\tgenome\tfactor\n", *sorted(lines)]))
    print(f"{sheet}: {len(lines)} factors of {len(files)} files")


if __name__ == "__main__":
    list_factors(*sys.argv[1:] or [LISTING], Path(__file__).with_name("experiments.tsv"))
