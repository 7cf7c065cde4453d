"""What options request beside the standard results: rules to compare, pictures, further files."""

from collections.abc import Iterable, Mapping, Sequence

_OWN = {  # what can be chosen of a published rule, in the section motifs
    "basset": ["basset_trim"],
    "eugene": ["eugene_above"],
    "raw": ["max_background"],
}
_SEEDED = ("pysster",)


def published(rules: Iterable[str]) -> list[str]:
    """Those rules from kernels to motifs for which the model reads windows again."""
    return [rule for rule in rules if rule != "scan"]


def rule_options(rule: str, config: Mapping) -> dict:
    """What can be chosen of a published rule, by name."""
    options = {name: config["motifs"][name] for name in _OWN.get(rule, [])}
    return options | ({"seed": config["seed"]} if rule in _SEEDED else {})


def requested_pictures(config: Mapping) -> list[str]:
    """The kinds of pictures that options request."""
    pictures, attribution = config["pictures"], config["attribution"]
    asked = {
        "kernels": pictures["kernels"],
        "attributions": pictures["attributions"],
        "modisco": attribution["modisco"],
        "inputs": attribution["inputs"],
    }
    return [name for name in asked if asked[name]]


def picture_rules(
    config: Mapping, pages: Sequence[str], models: Sequence[str]
) -> dict[str, Sequence[str]]:
    """The rules that make those pictures, each with the pages or models that it works on."""
    rules = {
        "kernels": {"explain_model": pages, "draw_kernels": pages},
        "attributions": {"explain_model": pages, "draw_attributions": pages},
        "modisco": {"attribute_peaks": pages, "find_patterns": pages},
        "inputs": {"optimise_inputs": models, "draw_inputs": models},
    }
    return {rule: of for name in requested_pictures(config) for rule, of in rules[name].items()}


def patterns(experiment: str, config: Mapping) -> dict[str, str]:
    """The patterns of TF-MoDISco, by name, if an option requests them."""
    path = f"results/{experiment}/modisco.tsv"
    return {"patterns": path} if config["attribution"]["modisco"] else {}


def requested_files(experiment: str, config: Mapping) -> dict[str, str]:
    """Further files that a report shows or links if options request them, by name."""
    folder = f"results/{experiment}"
    rules = {"rules": f"{folder}/rules.tsv"} if config["motifs"]["compare"] else {}
    tomtom = {"tomtom": f"{folder}/tomtom"} if config["names"]["tomtom_html"] else {}
    return rules | tomtom | patterns(experiment, config)
