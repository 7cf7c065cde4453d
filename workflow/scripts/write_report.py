"""Write the report of one experiment: one page that holds all its pictures."""

import json
from pathlib import Path

import pandas as pd
from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.tables import SITE_COLUMNS, read_bed, read_tsv
from peaks2motifs.data.encode import fill_factors
from peaks2motifs.motifs.meme import read_motifs
from peaks2motifs.pages import report_columns
from peaks2motifs.pages.page import data_uri, render, save
from peaks2motifs.pages.report_sections import (
    family_cards,
    kernel_list,
    metric_rows,
    spacing_rows,
    split_rows,
    status_rows,
)

FIGURES = ["roc", "pr", "calibration", "scores", "confusion", "history", "spacing"]
SPLIT_COLUMNS = ["chrom", "start", "end", "split"]
ABOUT = ["experiment", "factor", "genome", "background", "version", "config_digest", "seed"]
ABOUT += ["command", "pictures"]


def write_report(files: dict[str, str], page: str, about: dict) -> None:
    """Write report.html.

    `files` are the inputs by name, as the rule lists them: the templates `template`, `style` and
    `script`, and the experiment's files, among them `sequences_qc` where it came as sequences and
    else `peaks_qc`; those that options ask for are linked where they are inputs. `about` holds what
    `ABOUT` lists, with the background's strategy, the kinds of pictures that were drawn and
    the command that makes this page again.
    """
    metrics = json.loads(Path(files["metrics"]).read_text())
    context = {
        "about": about,
        "inputs": set(files),
        "metrics": metrics,
        "peaks_used": sum(split["peaks"] for split in metrics.values()),
        "metric_rows": metric_rows(metrics),
        "figures": {name: data_uri(files[name]) for name in FIGURES},
        "spacing": spacing_rows(read_tsv(files["spacings"])),
        "patterns": read_patterns(files),
    }
    context |= motif_context(files) | kernel_context(files) | data_context(files, metrics)
    text = render(files["template"], files["style"], files["script"], context)
    save(text, page)
    print(f"{page}: {len(context['enriched'])} supported families, {len(text):,} characters")


def motif_context(files: dict[str, str]) -> dict:
    """The family cards, enriched ones apart from the others."""
    families = read_tsv(files["families"])
    told = report_columns.known(report_columns.FAMILY, families)
    cards = family_cards(
        families,
        read_motifs(files["families_meme"]),
        read_motifs(files["motifs_meme"]),
        read_bed(files["sites"], SITE_COLUMNS),
        read_windows(files),
    )
    for card in cards:
        card["facts"] = [(fact.label, report_columns.shown(fact, card)) for fact in told]
    return {
        "family_facts": told,
        "enriched": [card for card in cards if card["enriched"]],
        "others": [card for card in cards if not card["enriched"]],
    }


def read_patterns(files: dict[str, str]) -> list[dict]:
    """The patterns of TF-MoDISco, rows of modisco.tsv, where they are asked for."""
    if "patterns" not in files:
        return []
    return read_tsv(files["patterns"]).fillna({"family": ""}).to_dict("records")


def kernel_context(files: dict[str, str]) -> dict:
    """How many kernels have each status, and a row for each kernel."""
    kernels = read_tsv(files["kernels"], dtype={"reason": str, "family": str})
    told = report_columns.known(report_columns.KERNEL, kernels)
    rows = kernel_list(kernels, read_motifs(files["motifs_meme"]))
    for row in rows:
        row["facts"] = [
            (fact, report_columns.raw(fact, row), report_columns.shown(fact, row)) for fact in told
        ]
    return {
        "statuses": status_rows(kernels),
        "kernel_facts": told,
        "kernels": rows,
        "beyond": int(((kernels["status"] == "motif") & kernels["family"].isna()).sum()),
    }


def read_windows(files: dict[str, str]) -> pd.DataFrame:
    """The windows that sites lie in: those of peaks, or of all sequences."""
    if "peaks" in files:
        return read_bed(files["peaks"])
    return read_tsv(files["predictions"], usecols=["chrom", "start", "end"], dtype={"chrom": str})


def data_context(files: dict[str, str], metrics: dict) -> dict:
    """What became of the peaks, the names, the background and the splits, or of the sequences."""
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
        "splits": split_rows(read_bed(files["splits"], SPLIT_COLUMNS), metrics),
    }


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        about = {key: snakemake.params[key] for key in ABOUT}
        [about["factor"]] = fill_factors([about["factor"]], snakemake.input.records)
        write_report(
            files=dict(snakemake.input.items()),
            page=snakemake.output[0],
            about=about,
        )
