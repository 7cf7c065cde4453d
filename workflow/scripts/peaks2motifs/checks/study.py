"""What sample sheet and options say of the study: its genomes, backgrounds, files and simulations.

`rows`, `joint` and `sequences` are the tables of check.smk: rows of the sheet, of joint models and
of classes, by name; joint models; classes and files of labelled sequences.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from hashlib import sha256

from peaks2motifs.checks.addresses import at_hand
from peaks2motifs.checks.errors import InputError
from peaks2motifs.checks.stack_options import choose_softmax

_PEAK_FILES = {
    "peaks": "peaks.bed",
    "peaks_qc": "peaks.qc.tsv",
    "chromosomes": "chromosomes.tsv",
    "background_qc": "background.qc.tsv",
    "splits": "splits.bed",
}
_SEQUENCE_FILES = {"sequences_qc": "sequences.qc.tsv", "predictions": "predictions.tsv.gz"}


TAG = re.compile(r"^(eGFP|3xFLAG)-")  # of tagged factors, in names of the ENCODE portal
MAX_OTHERS = 40  # experiments whose peaks serve as background of one


def plain_name(factor: str) -> str:
    """The name of a factor without tag, case and punctuation."""
    return re.sub(r"[\W_]", "", TAG.sub("", factor)).lower()


def background_shares(
    model: str, rows: Mapping, sequences: Mapping, options: Mapping
) -> dict[str, int]:
    """The number of background windows per peak of a model, by strategy.

    A file of the user takes precedence over `options`, the section background.
    """
    if model in sequences:
        return {"given": 0}
    strategy = options["strategy"]
    if rows[model]["background"]:
        strategy = "bed"
    return dict(strategy) if isinstance(strategy, Mapping) else {strategy: options["ratio"]}


def other_experiments(model: str, rows: Mapping, joint: Mapping) -> list[str]:
    """The experiments whose peaks may serve as background of a model, at most `MAX_OTHERS`.

    They have the same genome and another factor, since peaks of the same factor have its motif;
    case and punctuation of its name do not matter. Of
    more experiments a digest of both names chooses, so that a new row of the sheet changes few
    models. A joint model has none of its own experiments among them.
    """
    own = joint.get(model, {}).get("experiments", [model])
    factors = {plain_name(rows[name]["factor"]) for name in own} - {""}
    others = [
        name
        for name, row in rows.items()
        if row["peaks"] and row["genome"] == rows[model]["genome"]
        if name not in own and plain_name(row["factor"]) not in factors
    ]
    chosen = sorted(others, key=lambda name: sha256(f"{model}\t{name}".encode()).digest())
    return sorted(chosen[:MAX_OTHERS], key=others.index)


def contrasted_experiments(
    experiments: Iterable[str], rows: Mapping, joint: Mapping, config: Mapping
) -> list[str]:
    """The experiments that are also compared with the peaks of others.

    There must be others, and they must not be the background already. The network must have one
    output, see `choose_softmax`.
    """
    options = config["background"]
    if not options["others"] or choose_softmax("binary", config["training"]["loss"]):
        return []
    return [
        name
        for name in experiments
        if "other_peaks" not in background_shares(name, rows, {}, options)
        and other_experiments(name, rows, joint)
    ]


def check_background(
    models: Iterable[str], rows: Mapping, joint: Mapping, options: Mapping
) -> None:
    """Raise InputError if a model's strategy needs other experiments or a pool and has none."""
    for model in models:
        shares = background_shares(model, rows, {}, options)
        if "other_peaks" in shares and not other_experiments(model, rows, joint):
            raise InputError(
                f"background.strategy: other_peaks, but experiment {model} has no other of genome "
                f"{rows[model]['genome']} with another factor"
            )
        if "pool" in shares and not pool_of(model, rows, options):
            raise InputError(
                "background.strategy: pool, but no regions are given for experiment "
                f"{model}, expected background.pool or a column pool"
            )


def pool_of(model: str, rows: Mapping, options: Mapping) -> str | None:
    """The user's regions for a model's background: of its row, else of the section background."""
    return rows[model]["pool"] or (options["pool"] and at_hand(options["pool"]))


def used_genomes(rows: Mapping) -> list[str]:
    """The genomes that the rows name, each once."""
    return list(dict.fromkeys(row["genome"] for row in rows.values() if row["genome"]))


def describe_study(
    rows: Mapping, joint: Mapping, sequences: Mapping, genomes: Mapping, background: Mapping
) -> dict:
    """What the methods section needs to know of the sample sheet.

    `genomes` has the files of each genome, `background` are the options of this section.
    """
    peaks = [name for name, row in rows.items() if row["peaks"]]
    models = [*peaks, *joint]
    return {
        "peaks": len(peaks),
        "sequences": len(sequences),
        "joint": [
            {"name": name, "task": part["task"], "experiments": len(part["experiments"])}
            for name, part in joint.items()
        ],
        "backgrounds": unique(
            background_shares(model, rows, sequences, background) for model in models
        ),
        "blacklist": any("blacklist" in genomes[genome] for genome in used_genomes(rows)),
    }


def unique(items: Iterable) -> list:
    """Each of these items once, in the order of their first mention."""
    found = []
    for item in items:
        if item not in found:
            found.append(item)
    return found


def data_files(model: str, sequences: Mapping, contrasted: Collection[str]) -> dict[str, str]:
    """The files on a model's data that a report needs, by name.

    `contrasted` are the experiments that are also compared with the peaks of others.
    """
    names = _SEQUENCE_FILES if model in sequences else _PEAK_FILES
    names = names | ({"others_qc": "others.qc.tsv"} if model in contrasted else {})
    return {name: f"results/{model}/{file}" for name, file in names.items()}


def simulation_options(options: Mapping, seed: int) -> dict:
    """The options of a simulation, with the seed of the config unless it has one."""
    given = options["seed"]
    database = at_hand(options["database"])
    return {**options, "database": database, "seed": seed if given is None else given}
