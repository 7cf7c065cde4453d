"""What sample sheet and options say of the study: its genomes, backgrounds, files and simulations.

`rows`, `joint` and `sequences` are the tables of check.smk: rows of the sheet, of joint models and
of classes, by name; joint models; classes and files of labelled sequences.
"""

from collections.abc import Mapping

from peaks2motifs.checks.addresses import at_hand

_PEAK_FILES = {
    "peaks": "peaks.bed",
    "peaks_qc": "peaks.qc.tsv",
    "chromosomes": "chromosomes.tsv",
    "background_qc": "background.qc.tsv",
    "splits": "splits.bed",
}
_SEQUENCE_FILES = {"sequences_qc": "sequences.qc.tsv", "predictions": "predictions.tsv.gz"}


def background_strategy(model: str, rows: Mapping, sequences: Mapping, default: str) -> str:
    """How a model's background is made; a file of the user takes precedence.

    `default` is the option background.strategy.
    """
    if model in sequences:
        return "given"
    return "bed" if rows[model]["background"] else default


def used_genomes(rows: Mapping) -> list[str]:
    """The genomes that the rows name, each once."""
    return list(dict.fromkeys(row["genome"] for row in rows.values() if row["genome"]))


def describe_study(
    rows: Mapping, joint: Mapping, sequences: Mapping, genomes: Mapping, default: str
) -> dict:
    """What the methods section needs to know of the sample sheet.

    `genomes` has the files of each genome, `default` is the option background.strategy.
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
        "strategies": sorted(
            {background_strategy(model, rows, sequences, default) for model in models}
        ),
        "blacklist": any("blacklist" in genomes[genome] for genome in used_genomes(rows)),
    }


def data_files(model: str, sequences: Mapping) -> dict[str, str]:
    """The files on a model's data that a report needs, by name."""
    names = _SEQUENCE_FILES if model in sequences else _PEAK_FILES
    return {name: f"results/{model}/{file}" for name, file in names.items()}


def simulation_options(options: Mapping, seed: int) -> dict:
    """The options of a simulation, with the seed of the config unless it has one."""
    given = options["seed"]
    database = at_hand(options["database"])
    return {**options, "database": database, "seed": seed if given is None else given}
