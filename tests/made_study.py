"""The inputs of the methods section: options with their defaults, sample sheet and models."""

import yaml
from paths import ROOT

SCHEMA = yaml.safe_load((ROOT / "workflow/schemas" / "config.schema.yaml").read_text())


STUDY = {"peaks": 3, "sequences": 0, "joint": [], "strategies": ["genomic_gc"], "blacklist": True}
STUDY |= {"version": "0.1.0", "snakemake": "9.27.1", "seed": 7}


TRAINED = {"keras": "3.15.1", "backend": "tensorflow", "tensorflow": "2.21.0", "device": "CPU"}
TRAINED |= {"loss": "binary cross-entropy", "kmers": True}


def fill_defaults(schema: dict, given: dict) -> dict:
    """Fill in the defaults of the schema, section by section."""
    options = dict(given)
    for key, section in schema.get("properties", {}).items():
        if "default" in section:
            options.setdefault(key, section["default"])
        if isinstance(options.get(key), dict):
            options[key] = fill_defaults(section, options[key])
    return options
