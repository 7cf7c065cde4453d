"""What the methods of a study are told: options with their defaults, sheet and models."""

from paths import ROOT
from peaks2motifs.checks.options import read_schemas

SCHEMA, _, _ = read_schemas(ROOT / "workflow/schemas")


STUDY = {"peaks": 3, "sequences": 0, "joint": [], "strategies": ["genomic_gc"], "blacklist": True}


TRAINED = {"keras": "3.15.1", "backend": "tensorflow", "tensorflow": "2.21.0", "device": "CPU"}


def fill(schema: dict, given: dict) -> dict:
    """Options with the defaults of the schema."""
    filled = dict(given)
    for key, part in schema.get("properties", {}).items():
        if "default" in part:
            filled.setdefault(key, part["default"])
        if isinstance(filled.get(key), dict):
            filled[key] = fill(part, filled[key])
    return filled
