"""What is to be thought of a motif family, in a word."""

import pandas as pd

FOUND = ("enriched",)  # the verdicts of families that pages and catalogue count as found


def found(families: pd.DataFrame) -> pd.Series:
    """Which families of a families.tsv are found, by their verdicts."""
    return families["verdict"].isin(FOUND)
