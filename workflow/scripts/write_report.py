"""Write the report of one experiment, a page that contains all its figures."""

import json
from pathlib import Path

import pandas as pd
from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.tables import SITE_COLUMNS, read_bed, read_tsv
from peaks2motifs.data.encode import fill_factors
from peaks2motifs.motifs.meme import read_motifs
from peaks2motifs.pages.page import data_uri, render, save
from peaks2motifs.pages.report_columns import (
    FAMILY_COLUMNS,
    KERNEL_COLUMNS,
    KNOWN_COLUMNS,
    columns_present,
    sort_key,
    write_cell,
)
from peaks2motifs.pages.report_sections import (
    family_cards,
    find_better,
    kernel_list,
    kmer_rows,
    known_rows,
    metric_rows,
    spacing_rows,
    split_rows,
    status_rows,
)
from peaks2motifs.pages.score_summary import PARTS, describe_score

FIGURES = ["roc", "pr", "calibration", "scores", "confusion", "history", "spacing", "score"]
SPLIT_COLUMNS = ["chrom", "start", "end", "split"]
SETTINGS = ["experiment", "factor", "genome", "background", "version", "config_digest", "seed"]
SETTINGS += ["command", "pictures"]


def write_report(files: dict[str, str], page: str, settings: dict) -> None:
    """Write report.html.

    `files` are the inputs of the rule by name: `template`, `style` and `script`, and the files of
    the experiment. Among these is `sequences_qc` if the experiment came as sequences, `peaks_qc` if
    it came as peaks. Optional results are linked if they are inputs. `settings` holds what
    `SETTINGS` lists: `background` is the strategy, `pictures` the kinds that were drawn, `command`
    the command that makes this page again.
    """
    metrics = json.loads(Path(files["metrics"]).read_text())
    score_parts = read_tsv(files["score_parts"])
    context = {
        "settings": settings,
        "inputs": set(files),
        "metrics": metrics,
        "peaks_used": sum(split["peaks"] for split in metrics.values()),
        "metric_rows": metric_rows(metrics),
        "figures": {name: data_uri(files[name]) for name in FIGURES},
        "score": describe_score(score_parts),
        "score_parts": [PARTS[part] for part in score_parts["part"]],
        "kmers": kmer_rows(read_tsv(files["kmers"], dtype={"kmer": str, "family": str})),
        "spacing": spacing_rows(read_tsv(files["spacings"])),
        "patterns": read_patterns(files),
    }
    context |= motif_context(files) | known_context(files)
    context |= kernel_context(files) | data_context(files, metrics)
    text = render(files["template"], files["style"], files["script"], context)
    save(text, page)
    print(f"{page}: {len(context['supported'])} supported families, {len(text):,} characters")


def motif_context(files: dict[str, str]) -> dict:
    """The family cards, supported ones apart from the others."""
    families = read_tsv(files["families"], dtype={"shared_with": str})
    columns = columns_present(FAMILY_COLUMNS, families)
    cards = family_cards(
        families,
        read_motifs(files["families_meme"]),
        read_motifs(files["motifs_meme"]),
        read_bed(files["sites"], SITE_COLUMNS),
        read_windows(files),
    )
    for card in cards:
        card["cells"] = [(column.label, write_cell(column, card)) for column in columns]
    return {
        "family_columns": columns,
        "supported": [card for card in cards if card["supported"]],
        "others": [card for card in cards if not card["supported"]],
    }


def known_context(files: dict[str, str]) -> dict:
    """The known motifs to show, and one that is better than the first family."""
    known = read_tsv(files["known"], dtype={"motif": str, "name": str})
    rows = known_rows(known)
    for row in rows:
        row["cells"] = [write_cell(column, row) for column in KNOWN_COLUMNS]
    return {
        "known": rows,
        "known_number": len(known),
        "known_columns": KNOWN_COLUMNS,
        "better": find_better(known, read_tsv(files["families"])),
    }


def read_patterns(files: dict[str, str]) -> list[dict]:
    """The patterns of TF-MoDISco, rows of modisco.tsv; none if they were not asked for."""
    if "patterns" not in files:
        return []
    return read_tsv(files["patterns"]).fillna({"family": ""}).to_dict("records")


def kernel_context(files: dict[str, str]) -> dict:
    """The number of kernels of each status, and a row for each kernel."""
    kernels = read_tsv(files["kernels"], dtype={"reason": str, "family": str})
    columns = columns_present(KERNEL_COLUMNS, kernels)
    rows = kernel_list(kernels, read_motifs(files["motifs_meme"]))
    for row in rows:
        row["cells"] = [
            (column, sort_key(column, row), write_cell(column, row)) for column in columns
        ]
    return {
        "statuses": status_rows(kernels),
        "kernel_columns": columns,
        "kernels": rows,
        "kernels_unlisted": int(((kernels["status"] == "motif") & kernels["family"].isna()).sum()),
    }


def read_windows(files: dict[str, str]) -> pd.DataFrame:
    """Read the windows that contain the sites: those of peaks, or of all sequences."""
    if "peaks" in files:
        return read_bed(files["peaks"])
    return read_tsv(files["predictions"], usecols=["chrom", "start", "end"], dtype={"chrom": str})


def data_context(files: dict[str, str], metrics: dict) -> dict:
    """Counts of peaks, chromosome names, background and splits; or counts of sequences."""
    if "sequences_qc" in files:
        sequences = read_tsv(files["sequences_qc"])
        counts = dict(zip(sequences["what"], sequences["count"], strict=True))
        return {"sequences_qc": sequences.to_dict("records"), "sequence_counts": counts}
    peaks = read_tsv(files["peaks_qc"])
    chromosomes = read_tsv(files["chromosomes"], dtype={"peaks_name": str, "genome_name": str})
    return {
        "sequences_qc": None,
        "peaks_qc": peaks.to_dict("records"),
        "peak_counts": dict(zip(peaks["what"], peaks["count"], strict=True)),
        "chromosomes": chromosomes[chromosomes["rule"] != "identical"].to_dict("records"),
        "background_qc": read_tsv(files["background_qc"]).to_dict("records"),
        "others_qc": read_others_qc(files),
        "splits": split_rows(read_bed(files["splits"], SPLIT_COLUMNS), metrics),
    }


def read_others_qc(files: dict[str, str]) -> list[dict]:
    """The rows of others.qc.tsv; none where there are no other experiments."""
    return read_tsv(files["others_qc"]).to_dict("records") if "others_qc" in files else []


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        settings = {key: snakemake.params[key] for key in SETTINGS}
        [settings["factor"]] = fill_factors([settings["factor"]], snakemake.input.records)
        write_report(
            files=dict(snakemake.input.items()),
            page=snakemake.output[0],
            settings=settings,
        )
