"""Find the sites of motif families in windows."""

import numpy as np
import pandas as pd

WINDOW_COLUMNS = ["chrom", "start", "end", "name", "score", "split"]


def pair_windows(sites: pd.DataFrame, windows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Find the windows that contain sites: rows (m,) of sites and rows (m,) of windows.

    Both tables have chrom, start and end. A window contains a site if all bases of the site lie in
    it. Windows may overlap, so a site may lie in several of them. Pairs are sorted by the rows of
    sites, then by the starts of windows.
    """
    chrom_number = {chrom: i for i, chrom in enumerate(windows["chrom"].unique())}
    start, end = windows["start"].to_numpy(np.int64), windows["end"].to_numpy(np.int64)
    longest = int((end - start).max(initial=0))
    # Put the chromosomes on one line, far enough apart that no site reaches another chromosome.
    spacing = int(end.max(initial=0)) + longest + 1
    window_offset = windows["chrom"].map(chrom_number).to_numpy(np.int64) * spacing
    site_offset = sites["chrom"].map(chrom_number).fillna(-2).to_numpy(np.int64) * spacing
    order = np.argsort(window_offset + start, kind="stable")
    starts = (window_offset + start)[order]
    # Candidates start between the site's end, less the longest window, and the site's start.
    site_start, site_end = (sites[column].to_numpy(np.int64) for column in ("start", "end"))
    first_window = np.searchsorted(starts, site_offset + site_end - longest)
    end_window = np.searchsorted(starts, site_offset + site_start, side="right")
    candidates = np.maximum(end_window - first_window, 0)
    site = np.repeat(np.arange(len(sites)), candidates)
    rank = np.arange(len(site)) - (candidates.cumsum() - candidates)[site]  # among the site's own
    window = order[first_window[site] + rank]
    is_inside = end[window] >= site_end[site]
    return site[is_inside], window[is_inside]


def best_hits(sites: pd.DataFrame, windows: pd.DataFrame) -> pd.DataFrame:
    """Find the best site of each family in each window.

    That is the site with the highest score; of equal ones the nearest to the middle of the window.
    sites are those of sites.bed.gz, with the family as name. The table has one row for each window
    and family with a site there: site and window (rows of the two tables), family, score, position
    and strand. position is the distance of the site's middle from the window's middle in bp. It
    ends in .5 if only one of the two has an even length.
    """
    site, window = pair_windows(sites, windows)
    paired_sites, paired_windows = sites.iloc[site], windows.iloc[window]
    site_middle, window_middle = (
        (table["start"] + table["end"]).to_numpy() / 2 for table in (paired_sites, paired_windows)
    )
    columns = {
        "site": site,
        "window": window,
        "family": paired_sites["name"].to_numpy(),
        "score": paired_sites["score"].to_numpy(),
        "position": site_middle - window_middle,
        "strand": paired_sites["strand"].to_numpy(),
        "distance": np.abs(site_middle - window_middle),
    }
    hits = pd.DataFrame(columns)
    hits = hits.sort_values(["window", "distance", "site"], kind="stable")
    hits = hits.sort_values(["score"], ascending=False, kind="stable")
    hits = hits.drop_duplicates(["window", "family"]).sort_values(["window", "family"])
    return hits.drop(columns="distance").reset_index(drop=True)


def hit_table(hits: pd.DataFrame, windows: pd.DataFrame, families: list[str]) -> pd.DataFrame:
    """List the best site of each family in each window: one row for each window.

    Columns: those of `WINDOW_COLUMNS`; families, the names of the families with a site, in the
    order of `families`, separated by commas; and for each family, such as F1: F1_score, F1_position
    and F1_strand, which are empty if it has no site.
    """
    table = windows[WINDOW_COLUMNS].reset_index(drop=True)
    columns = {"families": [""] * len(table)}
    names = np.full(len(table), "", object)
    for family in families:
        family_hits = hits[hits["family"] == family].set_index("window")
        names[family_hits.index] += f",{family}"
        for column in ("score", "position", "strand"):
            columns[f"{family}_{column}"] = family_hits[column].reindex(table.index)
    columns["families"] = [text.removeprefix(",") for text in names]
    return pd.concat([table, pd.DataFrame(columns, index=table.index)], axis=1)
