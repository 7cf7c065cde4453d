"""Where sites lie: on either strand, trimmed, and cut where the window or sequence ends."""

import numpy as np
import pandas as pd
from peaks2motifs.motifs.genomic_sites import place_sites

WINDOWS = pd.DataFrame({"chrom": ["c", "c", "short"], "start": [100, 100, 0], "end": [150, 150, 9]})


def test_sites_are_the_columns_kept_on_the_strand_that_was_read():
    place, reverse = np.array([120, 120, 2]), np.array([False, True, False])
    sites = place_sites(WINDOWS, place, reverse, width=10, first=1, end=4)
    assert sites.values.tolist() == [
        ["c", 121, 124, "+"],
        ["c", 126, 129, "-"],
        ["short", 3, 6, "+"],
    ]


def test_sites_end_where_their_window_or_sequence_does():
    place, reverse = np.array([95, 145, -3]), np.array([False, False, False])
    sites = place_sites(WINDOWS, place, reverse, width=10, first=0, end=10)
    assert sites[["start", "end"]].values.tolist() == [[100, 105], [145, 150], [0, 7]]
