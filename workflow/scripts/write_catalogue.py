"""Write the page of the catalogue: motifs of all experiments, co-binding and similarity."""

from pathlib import Path

import pandas as pd
from markupsafe import Markup
from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.tables import is_missing, read_tsv
from peaks2motifs.motifs.meme import read_motifs
from peaks2motifs.pages.page import data_uri, render, save
from peaks2motifs.pages.report_sections import motif_logo

MAX_LINKS = 6  # experiments that the row of a motif links to
MAX_PAIRS = 300  # rows of the co-binding table
SETTINGS = ["version", "config_digest", "seed", "command", "windows"]


def write_catalogue(
    files: dict[str, str], experiments: list[str], page: str, settings: dict
) -> None:
    """Write catalogue/index.html from the files of the other catalogue rules.

    `files` holds the inputs of the rule by name, `settings` the values that `SETTINGS` names.
    """
    cobinding = read_tsv(files["cobinding"])
    listed = cobinding[cobinding["call"].isin(["co-binding", "similar"])]
    rows = motif_rows(files, cobinding)
    context = {
        "settings": settings,
        "experiments": experiments,
        "rows": rows,
        "shared": sum(row["experiments"] > 1 for row in rows),
        "max_links": MAX_LINKS,
        "pairs": records(listed.head(MAX_PAIRS)),
        "pairs_unlisted": max(len(listed) - MAX_PAIRS, 0),
        "heatmap": data_uri(files["heatmap"]),
        "tree": Markup(Path(files["tree"]).read_text()),
    }
    text = render(files["template"], files["style"], files["script"], context)
    save(text, page)
    print(f"{page}: {len(rows)} motifs, {len(listed)} pairs, {len(text):,} characters")


def motif_rows(files: dict[str, str], cobinding: pd.DataFrame) -> list[dict]:
    """Collect what the page shows for each motif."""
    table, motifs = read_tsv(files["catalogue"]), read_motifs(files["motifs"])
    members = read_tsv(files["members"]).groupby("motif")
    cobound = cobinding[cobinding["call"] == "co-binding"]["motif"].value_counts()
    rows = []
    for row in records(table):
        name, motif_members = row["motif"], members.get_group(row["motif"])
        columns = {
            "members": list(zip(motif_members["experiment"], motif_members["family"], strict=True)),
            "cobound": int(cobound.get(name, 0)),
            "logo": motif_logo(motifs[name], row["consensus"]),
        }
        rows.append(row | columns)
    return rows


def records(table: pd.DataFrame) -> list[dict]:
    """Return the rows of a table, with None for empty cells."""
    rows = table.to_dict("records")
    return [
        {column: None if is_missing(cell) else cell for column, cell in row.items()} for row in rows
    ]


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        write_catalogue(
            files=dict(snakemake.input.items()),
            experiments=snakemake.params.experiments,
            page=snakemake.output[0],
            settings={key: snakemake.params[key] for key in SETTINGS},
        )
