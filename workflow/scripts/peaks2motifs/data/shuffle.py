"""Dinucleotide-preserving shuffles: uniform over all sequences with the same pairs of neighbours.

A sequence is an Euler path through the graph whose vertices are its symbols and whose edges are
its pairs of neighbours. Altschul and Erikson (1985, Mol Biol Evol 2:526) draw such a path from a
random arborescence of "last exits" to the final symbol and a random order of all other edges. With
five symbols there are only 125 arborescences to each root, so here the draw is exact and needs no
rejection: each one is weighted by the number of ways to pick its edges.
"""

from itertools import product

import numpy as np

SYMBOLS = 5  # A, C, G, T and N


def dinucleotide_shuffle(
    codes: np.ndarray, rng: np.random.Generator, rows: int = 4096
) -> tuple[np.ndarray, np.ndarray]:
    """Shuffle each sequence, keeping its dinucleotide counts and its first and last base.

    codes (n, L) gives shuffled codes (n, L) and ok (n,). Each shuffle is drawn uniformly from all
    other sequences with the same counts; N counts as a fifth symbol. Where there is no other (a run
    of one base, say) the input comes back with ok False. Memory grows with `rows`, not with n.
    """
    shuffled = np.array(codes, np.uint8)
    ok = np.zeros(len(codes), bool)
    for first in range(0, len(codes), rows):
        part = codes[first : first + rows]
        ok[first : first + rows] = several = count_log_shuffles(part) > np.log(1.5)
        todo = first + np.flatnonzero(several)
        # At least every second draw differs from the input, so this ends soon.
        while len(todo):
            shuffled[todo] = _draw_paths(codes[todo], rng)
            todo = todo[(shuffled[todo] == codes[todo]).all(axis=1)]
    return shuffled, ok


def count_log_shuffles(codes: np.ndarray) -> np.ndarray:
    """Natural logarithm of how many sequences share each one's dinucleotides and ends, (n,).

    The input itself is one of them. Source: the BEST theorem, divided by the orders of equal edges.
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
    """Count neighbours: codes (n, L) give int64 (n, 5, 5), first base by second base."""
    n = len(codes)
    pair = codes[:, :-1].astype(np.int64) * SYMBOLS + codes[:, 1:]
    cell = pair + SYMBOLS**2 * np.arange(n)[:, None]
    counts = np.bincount(cell.ravel(), minlength=n * SYMBOLS**2)
    return counts.reshape(n, SYMBOLS, SYMBOLS)


def _list_trees() -> np.ndarray:
    """All arborescences to each root: (5 roots, 125 trees, 5 vertices) -> next vertex.

    The root's own entry is the root.
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
    """Ways to pick the edges of each arborescence: (n, 125), float64."""
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
        here = SYMBOLS * row + path[step - 1]
        path[step] = exits[cursor[here]]
        cursor[here] += 1
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

    Each sequence's edges lie together, sorted by source.
    """
    row = np.arange(len(source))
    key = source + 0.5 * rng.random(source.shape)
    for vertex in range(SYMBOLS):
        # Any edge along the tree will do, since edges between the same two symbols are alike; the
        # first one is taken, because a choice that looks at the keys would bias the others' order.
        last = (source == vertex) & (target == tree[:, vertex, None])
        chosen = last.argmax(axis=1)
        found = last[row, chosen] & (tree[:, vertex] != vertex)
        key[row[found], chosen[found]] = vertex + 0.75
    return np.take_along_axis(target, key.argsort(axis=1), axis=1).ravel()
