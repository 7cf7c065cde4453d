"""Windows in splits, for tests."""

import numpy as np
import pandas as pd


def make_windows(numbers: dict[str, int], length: int = 4) -> dict[str, pd.DataFrame]:
    """Disjoint windows, each split on a chromosome of its own; peaks and background take turns."""
    tables = {}
    for split, number in numbers.items():
        row = np.arange(number)
        tables[split] = pd.DataFrame(
            {"chrom": f"chr_{split}", "start": row * length, "end": (row + 1) * length}
        ).assign(name=[f"w{i}" for i in row], strand=".", label=row % 2)
    return tables
