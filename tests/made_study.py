"""The inputs of the methods section: options with their defaults, sample sheet and models."""

from paths import ROOT
from peaks2motifs.checks.options import read_schemas

SCHEMA, _, _ = read_schemas(ROOT / "workflow/schemas")


STUDY = {
    "peaks": 3,
    "sequences": 0,
    "joint": [],
    "backgrounds": [{"genomic_gc": 5}],
    "blacklist": True,
}
STUDY |= {"version": "0.1.0", "snakemake": "9.27.1", "seed": 7, "contrasted": 0}


TRAINED = {"keras": "3.15.1", "backend": "tensorflow", "tensorflow": "2.21.0", "device": "CPU"}
TRAINED |= {"loss": "binary cross-entropy", "kmers": True}
