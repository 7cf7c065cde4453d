"""The tree of motifs: a leaf for each, and which are shown reverse complemented."""

import xml.etree.ElementTree as ET

import pytest
from made_motifs import motif
from peaks2motifs.motifs import catalogue
from peaks2motifs.pages.logo_tree import draw_tree

TREE = ["TTACCCGG", "CCGGGTAA", "CATTGTTCA"]  # the first two are reverse complements


@pytest.mark.parametrize("words", [[], ["TTACCCGG"], TREE])
def test_the_tree_has_a_leaf_for_each_motif(words):
    known = [motif(word) for word in words]
    comparison = catalogue.compare_all([m.ppm for m in known])
    tree = catalogue.build_tree(comparison)
    reverse = catalogue.is_shown_reverse(comparison, tree)
    drawn = ET.fromstring(draw_tree(known, tree, reverse))
    svg = "{http://www.w3.org/2000/svg}"
    leaves = [leaf.get("href") for leaf in drawn.findall(f"{svg}a")]
    assert sorted(leaves) == sorted(f"#{word}" for word in words)
    assert drawn.find(f"{svg}path").get("d").count("M") == max(len(words) - 1, 0)
    # The reverse complement is shown as its neighbour is.
    marks = [text.text for text in drawn.iter(f"{svg}text")]
    assert sum("(rc)" in mark for mark in marks) == (len(words) == 3)
