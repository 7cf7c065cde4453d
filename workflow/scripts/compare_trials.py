"""Compare the trials of a search: which options were best, and which of them matter."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from peaks2motifs.checks.trials import MEASURES
from peaks2motifs.core.effect_sizes import option_importance
from peaks2motifs.core.joblog import InputError, joblog
from peaks2motifs.core.tables import write_tsv
from peaks2motifs.pages.page import data_uri, render, save
from peaks2motifs.pages.trial_figures import plot_search


def compare_trials(
    trials: Sequence[str],
    output: Mapping[str, str],
    templates: dict[str, str],
    about: dict,
    seed: int,
) -> None:
    """Write the table of trials, best first, their figure, the options' importance, and a page.

    `output` names them trials, figure, importance and page, and `best`, a config of the best
    trial's options. `trials` are files of run_trial.py in the order of the search, `templates` the
    files template, style and script; `about` holds experiment, strategy, seed, version, command and
    use, the command that takes `best`. Raises InputError when all trials diverged.
    """
    found = [json.loads(Path(path).read_text()) for path in trials]
    done = [trial for trial in found if trial["auroc"] is not None]
    if not done:
        raise InputError(f"none of {len(found)} trials gave scores: all diverged, see their logs")
    ranked = sorted(done, key=lambda trial: (-trial["auroc"], trial["val_loss"]))
    ranked += [trial for trial in found if trial["auroc"] is None]
    table = trial_table(ranked)
    write_tsv(table, output["trials"])
    auroc = np.array([trial["auroc"] for trial in found], float)
    plot_search(by_option(found), auroc, output["figure"])
    shares = option_importance(by_option(done), auroc[np.isfinite(auroc)], seed)
    write_tsv(shares, output["importance"])
    best = best_config(ranked[0], len(found), about)
    Path(output["best"]).write_text(best)
    context = {
        "about": about,
        "best": best,
        "options": list(ranked[0]["values"]),
        "trials": table.to_dict("records"),
        "median": float(np.nanmedian(auroc)),
        "diverged": len(found) - len(done),
        "importance": shares.to_dict("records"),
        "figure": data_uri(output["figure"]),
    }
    save(render(**templates, context=context), output["page"])
    print(f"best of {len(found)} trials: {ranked[0]}")


def by_option(trials: list[dict]) -> dict[str, list]:
    """The values of each option, one for each trial."""
    return {key: [trial["values"][key] for trial in trials] for key in trials[0]["values"]}


def trial_table(ranked: list[dict]) -> pd.DataFrame:
    """One row for each trial: rank, name, values by option as JSON, and how it did."""
    rows = [
        {"rank": rank, "trial": trial["trial"]}
        | {key: json.dumps(value) for key, value in trial["values"].items()}
        | {key: trial[key] for key in MEASURES}
        for rank, trial in enumerate(ranked, start=1)
    ]
    return pd.DataFrame(rows)


def best_config(trial: dict, trials: int, about: dict) -> str:
    """A config that holds the values of a trial, to be added to the one that was searched."""
    sections = {}
    for key, value in trial["values"].items():
        section, option = key.split(".")
        sections.setdefault(section, {})[option] = value
    return (
        f"# The best of {trials} trials for {about['experiment']}, by its validation AUROC of "
        f"{trial['auroc']:.3f}.\n# {about['use']}\n"
        + yaml.safe_dump(sections, sort_keys=False, default_flow_style=None)
    )


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        about = ["experiment", "strategy", "seed", "version", "command", "use"]
        compare_trials(
            trials=snakemake.input.trials,
            output=dict(snakemake.output.items()),
            templates={name: snakemake.input[name] for name in ("template", "style", "script")},
            about={key: snakemake.params[key] for key in about},
            seed=snakemake.params.seed,
        )
