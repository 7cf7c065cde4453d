"""The network: what its preset sets, and options that disagree with each other or with windows."""

from collections.abc import Iterable, Mapping

from peaks2motifs.checks.errors import InputError, located
from peaks2motifs.checks.stack_options import check_length, expand

SECTIONS = ("model", "training")


def apply_preset(options: Mapping, schema: Mapping, presets: Mapping) -> dict[str, dict]:
    """Return the sections model and training: the user's options, then those of the preset.

    Raises InputError for an option of another network than the preset's.
    """
    given = options.get("model", {})
    name = given.get("preset", _parts(schema)["preset"]["default"])
    known = _known(schema, presets[name]["network"])
    for key in given:
        if key not in known:
            raise InputError(f"model.{key}: the preset {name} knows no such option")
    return {
        section: presets[name].get(section, {}) | options.get(section, {}) for section in SECTIONS
    }


def window_lengths(options: Mapping, peaks: bool, sequences: bool) -> list[int]:
    """The lengths of windows in bp, as far as options say: of peaks, and of labelled sequences."""
    lengths = [options["windows"]["length"]] if peaks else []
    length = options["sequences"]["length"]
    return lengths + ([length] if sequences and length else [])


def check_network(model: Mapping, presets: Mapping, lengths: Iterable[int]) -> None:
    """Raise InputError for options that disagree, and for windows too short for the network."""
    network = presets[model["preset"]]["network"]
    if network == "scan":
        _check_scan(model)
    with located("model"):
        if network == "stack":
            expand(model)
        for length in lengths:
            check_length(length, network, model)


def training_parameters(
    model: Mapping, training: Mapping, schema: Mapping, presets: Mapping
) -> dict[str, object]:
    """Return what the training of a network needs of these sections: parameters of its rule."""

    def some(*names: str) -> dict[str, object]:
        return {name: training[name] for name in names}

    network = presets[model["preset"]]["network"]
    known = _known(schema, network) - {"preset"}
    architecture = {key: value for key, value in model.items() if key in known}
    optimizer = some("learning_rate", "momentum", "nesterov", "clipnorm")
    return {
        "architecture": {"network": network} | architecture | some("replicates"),
        "optimizer": optimizer | {"name": training["optimizer"]},
        "training": some("batch_size", "epochs", "patience_stopping", "patience_lr", "roll"),
        "loss": training["loss"],
        "keras": some("backend", "device", "precision", "threads"),
    }


def _parts(schema: Mapping) -> dict[str, dict]:
    return schema["properties"]["model"]["properties"]


def _known(schema: Mapping, network: str) -> set[str]:
    """The options of the section model that a network has."""
    parts = _parts(schema).items()
    return {key for key, part in parts if part.get("network", network) == network}


def _check_scan(model: Mapping) -> None:
    widths, zones = [width for _, width in model["kernels"]], model["zones"]
    if len(set(widths)) < len(widths):
        raise InputError(f"model.kernels: {widths} names a width twice, expected each once")
    if zones != sorted(zones):
        raise InputError(f"model.zones: {zones}, expected increasing distances")
