"""Experiments made of small tables, for the pages."""

from pathlib import Path

import pytest
from made_experiment import family, make_experiment


@pytest.fixture(scope="session")
def experiment(tmp_path_factory) -> Path:
    """An experiment with a supported, named family and another without either."""
    families = [family(1, "supported", "REB1", 3e-12)]
    families += [family(2, "unsupported", "GAT1", 0.4, medoid="k004", members="k004")]
    return make_experiment(tmp_path_factory.mktemp("results") / "Reb1", families)


@pytest.fixture(scope="session")
def empty(tmp_path_factory) -> Path:
    """An experiment in which no kernel gave a motif."""
    return make_experiment(tmp_path_factory.mktemp("results") / "Hsf1", [])
