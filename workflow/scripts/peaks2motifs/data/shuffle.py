"""Dinucleotide shuffles, uniform over all sequences with the same dinucleotide counts.

A sequence is an Euler path through a graph with symbols as vertices and dinucleotides as edges.
Altschul and Erikson (1985, Mol Biol Evol 2:526) draw such a path from a random arborescence of
"last exits" to the final symbol and a random order of all other edges. Five symbols have only 125
arborescences per root. Each is therefore weighted by the number of ways to pick its edges, so that
the draw is exact and needs no rejection.
"""

from itertools import product

import numpy as np

SYMBOLS = 5  # A, C, G, T and N


def dinucleotide_shuffle(
    codes: np.ndarray, rng: np.random.Generator, rows: int = 4096
) -> tuple[np.ndarray, np.ndarray]:
    """Shuffle each sequence, keeping its dinucleotide counts and its first and last base.

    codes (n, L) gives shuffled codes (n, L) and ok (n,). Each shuffle is drawn uniformly from all
    other sequences with the same counts; N counts as a fifth symbol. If there is no other, as for a
    run of one base, the input is returned with ok False. Memory grows with `rows`, not with n.
    """
    shuffled = np.array(codes, np.uint8)
    ok = np.zeros(len(codes), bool)
    for first in range(0, len(codes), rows):
        ok[first : first + rows] = has_shuffles(codes[first : first + rows])
        unshuffled = first + np.flatnonzero(ok[first : first + rows])
        # At least half of the draws differ from the input, so this ends soon.
        while len(unshuffled):
            shuffled[unshuffled] = _draw_paths(codes[unshuffled], rng)
            is_same = (shuffled[unshuffled] == codes[unshuffled]).all(axis=1)
            unshuffled = unshuffled[is_same]
    return shuffled, ok


def has_shuffles(codes: np.ndarray) -> np.ndarray:
    """Return which sequences (n,) have another one with the same dinucleotides and ends."""
    return count_log_shuffles(codes) > np.log(1.5)  # between 1 and 2 sequences


def count_log_shuffles(codes: np.ndarray) -> np.ndarray:
    """Return the log number (n,) of sequences with the same dinucleotides and ends as each one.

    The input is one of them. Source: the BEST theorem, divided by the orders of equal edges.
    """
    n, length = codes.shape
    if length < 3:
        return np.zeros(n)
    log_factorial = np.r_[0, np.cumsum(np.log(np.arange(1, length)))]
    counts = count_dinucleotides(codes)
    exits = counts.sum(axis=2)
    free = np.maximum(exits - 1, 0)
    row = np.arange(n)
    free[row, codes[:, -1]] = exits[row, codes[:, -1]]
    trees = _weigh_trees(counts, codes[:, -1]).sum(axis=1)
    orders = log_factorial[free].sum(axis=1) - log_factorial[counts].sum(axis=(1, 2))
    return np.log(trees) + orders


def count_dinucleotides(codes: np.ndarray) -> np.ndarray:
    """Count dinucleotides of codes (n, L): int64 (n, 5, 5), first base by second base."""
    n = len(codes)
    pair = codes[:, :-1].astype(np.int64) * SYMBOLS + codes[:, 1:]
    cell = pair + SYMBOLS**2 * np.arange(n)[:, None]
    counts = np.bincount(cell.ravel(), minlength=n * SYMBOLS**2)
    return counts.reshape(n, SYMBOLS, SYMBOLS)


def _list_trees() -> np.ndarray:
    """List all arborescences to each root: (5 roots, 125 trees, 5 vertices) -> next vertex.

    The root's entry is the root itself.
    """
    trees = [[] for _ in range(SYMBOLS)]
    for parents in product(range(SYMBOLS), repeat=SYMBOLS):
        roots = [v for v, parent in enumerate(parents) if v == parent]
        reached = np.arange(SYMBOLS)
        for _ in range(SYMBOLS):
            reached = np.array(parents)[reached]
        if len(roots) == 1 and (reached == roots[0]).all():
            trees[roots[0]].append(parents)
    return np.array(trees)


TREES = _list_trees()


def _weigh_trees(counts: np.ndarray, roots: np.ndarray) -> np.ndarray:
    """Count the ways to pick the edges of each arborescence: float64 (n, 125)."""
    n = len(counts)
    row = np.arange(n)
    edges = counts.astype(np.float64)
    absent, vertex = np.nonzero(counts.sum(axis=2) == 0)
    edges[absent, vertex, roots[absent]] = 1  # one way for a symbol that does not occur
    edges[row, roots, roots] = 1
    weights = np.ones((n, TREES.shape[1]))
    trees = TREES[roots]
    for vertex in range(SYMBOLS):
        weights *= np.take_along_axis(edges[:, vertex], trees[:, :, vertex], axis=1)
    return weights


def _draw_paths(codes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw one Euler path for each sequence, uniformly over its distinct shuffles."""
    n, length = codes.shape
    row = np.arange(n)
    source, target = codes[:, :-1], codes[:, 1:]
    exits = _order_edges(source, target, _draw_trees(codes, rng), rng)
    degree = count_dinucleotides(codes).sum(axis=2)
    cursor = (np.cumsum(degree, axis=1) - degree + (length - 1) * row[:, None]).ravel()
    path = np.empty((length, n), np.uint8)
    path[0] = codes[:, 0]
    for step in range(1, length):
        vertex = SYMBOLS * row + path[step - 1]
        path[step] = exits[cursor[vertex]]
        cursor[vertex] += 1
    return path.T


def _draw_trees(codes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw an arborescence of last exits for each sequence: (n, 5), next vertex of each vertex."""
    roots = codes[:, -1]
    cumulative = _weigh_trees(count_dinucleotides(codes), roots).cumsum(axis=1)
    threshold = rng.random(len(codes)) * cumulative[:, -1]
    return TREES[roots, (cumulative[:, :-1] <= threshold[:, None]).sum(axis=1)]


def _order_edges(
    source: np.ndarray, target: np.ndarray, tree: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Order each vertex's exits at random, the tree's edge last: flat targets (n * edges,).

    Edges are grouped by sequence and sorted by source.
    """
    row = np.arange(len(source))
    key = source + 0.5 * rng.random(source.shape)
    for vertex in range(SYMBOLS):
        # Edges between the same two symbols are equivalent, so any edge along the tree will do. The
        # first is taken, because a choice by the keys would bias the order of the others.
        is_tree_edge = (source == vertex) & (target == tree[:, vertex, None])
        chosen = is_tree_edge.argmax(axis=1)
        has_edge = is_tree_edge[row, chosen] & (tree[:, vertex] != vertex)
        key[row[has_edge], chosen[has_edge]] = vertex + 0.75
    return np.take_along_axis(target, key.argsort(axis=1), axis=1).ravel()
