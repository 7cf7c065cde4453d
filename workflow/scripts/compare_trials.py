"""Compare the trials of a hyperparameter search: rank them and estimate option importance."""

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
    search: dict,
    seed: int,
) -> None:
    """Write the table of trials, best first, their figure, the importance of options, and a page.

    `output` holds the paths trials, figure, importance, page, and `best`, a config with the options
    of the best trial. `trials` are files of run_trial.py in the order of the search. `templates`
    holds the paths template, style and script. `search` holds experiment, strategy, seed, version,
    command, and use, the command that uses `best`. Raises InputError if all trials diverged.
    """
    outcomes = [json.loads(Path(path).read_text()) for path in trials]
    ranked = rank_trials(outcomes)
    table = trial_table(ranked)
    write_tsv(table, output["trials"])
    auroc = np.array([trial["auroc"] for trial in outcomes], float)
    is_scored = np.isfinite(auroc)
    plot_search(values_by_option(outcomes), auroc, output["figure"])
    scored = [trial for trial in outcomes if trial["auroc"] is not None]
    shares = option_importance(values_by_option(scored), auroc[is_scored], seed)
    write_tsv(shares, output["importance"])
    best = best_config(ranked[0], len(outcomes), search)
    Path(output["best"]).write_text(best)
    context = {
        "search": search,
        "best": best,
        "options": list(ranked[0]["values"]),
        "trials": table.to_dict("records"),
        "median": float(np.nanmedian(auroc)),
        "diverged": int((~is_scored).sum()),
        "importance": shares.to_dict("records"),
        "figure": data_uri(output["figure"]),
    }
    save(render(**templates, context=context), output["page"])
    print(f"best of {len(outcomes)} trials: {ranked[0]}")


def rank_trials(trials: list[dict]) -> list[dict]:
    """Sort trials by falling AUROC, then rising loss; those that diverged come last.

    Raises InputError if all diverged.
    """
    scored = [trial for trial in trials if trial["auroc"] is not None]
    if not scored:
        raise InputError(f"none of {len(trials)} trials gave scores: all diverged, see their logs")
    ranked = sorted(scored, key=lambda trial: (-trial["auroc"], trial["val_loss"]))
    return ranked + [trial for trial in trials if trial["auroc"] is None]


def values_by_option(trials: list[dict]) -> dict[str, list]:
    """List the values of each option, one for each trial."""
    return {key: [trial["values"][key] for trial in trials] for key in trials[0]["values"]}


def trial_table(ranked: list[dict]) -> pd.DataFrame:
    """Tabulate trials: rank, name, values by option as JSON, and measures."""
    rows = [
        {"rank": rank, "trial": trial["trial"]}
        | {key: json.dumps(value) for key, value in trial["values"].items()}
        | {key: trial[key] for key in MEASURES}
        for rank, trial in enumerate(ranked, start=1)
    ]
    return pd.DataFrame(rows)


def best_config(trial: dict, trials: int, search: dict) -> str:
    """Return a config with the values of a trial, to be added to the config of the search."""
    sections = {}
    for key, value in trial["values"].items():
        section, option = key.split(".")
        sections.setdefault(section, {})[option] = value
    return (
        f"# The best of {trials} trials for {search['experiment']}, by its validation AUROC of "
        f"{trial['auroc']:.3f}.\n# {search['use']}\n"
        + yaml.safe_dump(sections, sort_keys=False, default_flow_style=None)
    )


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        search = ["experiment", "strategy", "seed", "version", "command", "use"]
        compare_trials(
            trials=snakemake.input.trials,
            output=dict(snakemake.output.items()),
            templates={name: snakemake.input[name] for name in ("template", "style", "script")},
            search={key: snakemake.params[key] for key in search},
            seed=snakemake.params.seed,
        )
