"""Which motif families have a site in which window, and where in it."""

import numpy as np
import pandas as pd

WINDOW_COLUMNS = ["chrom", "start", "end", "name", "score", "split"]


def pair_windows(sites: pd.DataFrame, windows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Find the windows that sites lie in: rows (m,) of sites and rows (m,) of windows.

    Both tables have chrom, start and end. A site lies in every window that holds all its bases, so
    in none, or in several that overlap. Pairs go by the rows of sites, then the windows' starts.
    """
    number = {chrom: i for i, chrom in enumerate(windows["chrom"].unique())}
    start, end = windows["start"].to_numpy(np.int64), windows["end"].to_numpy(np.int64)
    longest = int((end - start).max(initial=0))
    apart = int(end.max(initial=0)) + longest + 1  # chromosomes end to end, none in reach of others
    before = windows["chrom"].map(number).to_numpy(np.int64) * apart
    order = np.argsort(before + start, kind="stable")
    starts = (before + start)[order]
    offset = sites["chrom"].map(number).fillna(-2).to_numpy(np.int64) * apart
    first = np.searchsorted(starts, offset + sites["end"].to_numpy(np.int64) - longest)
    last = np.searchsorted(starts, offset + sites["start"].to_numpy(np.int64), side="right")
    near = np.maximum(last - first, 0)
    site = np.repeat(np.arange(len(sites)), near)
    window = order[np.arange(len(site)) + np.repeat(first - (near.cumsum() - near), near)]
    holds = end[window] >= sites["end"].to_numpy(np.int64)[site]
    return site[holds], window[holds]


def best_hits(sites: pd.DataFrame, windows: pd.DataFrame) -> pd.DataFrame:
    """The best site of each family in each window: the highest score, then nearest to the middle.

    sites are those of sites.bed.gz, whose name is the family. One row for each window and family
    that has one there: site and window (rows of the tables), family, score, position (of the site's
    middle from the window's, in bp, a half where one of them has an even number of bases) and
    strand.
    """
    site, window = pair_windows(sites, windows)
    at, own = sites.iloc[site], windows.iloc[window]
    middle = [(table["start"] + table["end"]).to_numpy() / 2 for table in (at, own)]
    hits = pd.DataFrame({"site": site, "window": window, "family": at["name"].to_numpy()})
    hits = hits.assign(score=at["score"].to_numpy(), position=middle[0] - middle[1])
    hits = hits.assign(strand=at["strand"].to_numpy(), distance=np.abs(middle[0] - middle[1]))
    hits = hits.sort_values(["window", "distance", "site"], kind="stable")
    hits = hits.sort_values(["score"], ascending=False, kind="stable")
    hits = hits.drop_duplicates(["window", "family"]).sort_values(["window", "family"])
    return hits.drop(columns="distance").reset_index(drop=True)


def hit_table(hits: pd.DataFrame, windows: pd.DataFrame, families: list[str]) -> pd.DataFrame:
    """One row for each window, with score, position and strand of each family's best site there.

    Columns: those of `WINDOW_COLUMNS`; families, the names of those that have a site, in the order
    of `families` and joined by commas; and for each family F1 of them F1_score, F1_position and
    F1_strand, missing where it has none.
    """
    table = windows[WINDOW_COLUMNS].reset_index(drop=True)
    columns = {"families": [""] * len(table)}
    named = np.full(len(table), "", object)
    for family in families:
        own = hits[hits["family"] == family].set_index("window")
        named[own.index] += f",{family}"
        for what in ("score", "position", "strand"):
            columns[f"{family}_{what}"] = own[what].reindex(table.index)
    columns["families"] = [names[1:] for names in named]
    return pd.concat([table, pd.DataFrame(columns, index=table.index)], axis=1)
