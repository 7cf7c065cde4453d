"""What `snakemake predict` is asked for: whose networks, and one kind of input for each."""

from collections.abc import Collection, Mapping, Sequence

from peaks2motifs.checks.errors import InputError, located
from peaks2motifs.checks.options import choose

_INPUTS = (["sequences"], ["regions", "genome"], ["genome"])


def read_predictions(
    predict: Mapping, pages: Sequence[str], genomes: Collection[str]
) -> dict[str, list[str]]:
    """The experiments of each prediction by its name.

    `predict` is the section of the config, `pages` are all experiments and classes. Raises
    InputError for unknown experiments or genomes, and unless there is one kind of input.
    """
    experiments = {}
    for name, part in predict.items():
        with located(f"config: predict.{name}.experiment"):
            experiments[name] = choose(part["experiment"], pages)
        with located(f"config: predict.{name}"):
            _check_input(part)
        if "genome" in part and part["genome"] not in genomes:
            raise InputError(
                f"config: predict.{name}.genome: {part['genome']!r} is not among genomes: "
                f"{', '.join(genomes)}"
            )
    return experiments


def _check_input(part: Mapping) -> None:
    inputs = [key for key in ("sequences", "regions", "genome") if key in part]
    if inputs not in _INPUTS:
        raise InputError(
            f"{' and '.join(inputs) or 'no input'}, expected either sequences, or regions and "
            "genome, or genome alone"
        )
