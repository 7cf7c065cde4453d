"""Reads of one template with errors, networks that tell their next symbol, the template again."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from functools import partial

import numpy as np
import pandas as pd
from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.tables import write_text, write_tsv
from peaks2motifs.model.backend import start_keras
from reads import edit_distance, simulate_reads

SYMBOLS = "ACGT^$"  # the last two stand before a read's first base and after its last
START, END = SYMBOLS.index("^"), SYMBOLS.index("$")
ONE_HOT = np.eye(len(SYMBOLS), dtype=np.float32)


def simulate(template: str, reads: str, seed: str, options: dict) -> None:
    """Write a random template and its reads; `options` are its length and `simulate_reads`' own."""
    rng = np.random.default_rng([int(seed), 220])
    errors = dict(options)
    true = rng.integers(0, 4, errors.pop("length"), np.uint8)
    rows = {"template": [true], "read": simulate_reads(true, rng=rng, **errors)}
    for (kind, found), path in zip(rows.items(), (template, reads), strict=True):
        lines = [f">{kind}_{number}\n{to_text(row)}\n" for number, row in enumerate(found, 1)]
        write_text("".join(lines), path)


def to_text(symbols: Sequence[int]) -> str:
    """Write symbols as letters."""
    return "".join(SYMBOLS[symbol] for symbol in symbols)


def read_fasta(path: str) -> list[np.ndarray]:
    """Read what `simulate` wrote as arrays of symbols."""
    with open(path) as lines:
        rows = [line.strip() for line in lines if not line.startswith(">")]
    return [np.array([SYMBOLS.index(letter) for letter in row]) for row in rows]


def windows(reads: list[np.ndarray], size: int, framed: bool) -> tuple[np.ndarray, np.ndarray]:
    """Cut reads into all runs of `size` symbols (n, size) and the one that follows (n,).

    A read of length L has L - size of them. Framed it has `size` signs before its first base and
    one after its last, so that each base and the end follow something: L + 1.
    """
    if framed:
        reads = [np.concatenate([[START] * size, read, [END]]) for read in reads]
    cut = [np.lib.stride_tricks.sliding_window_view(read, size + 1) for read in reads]
    return np.concatenate(cut)[:, :-1], np.concatenate(cut)[:, -1]


def network(size: int, hidden: float):
    """Return the document's LSTM, 5,622 parameters: windows (n, size, 6) to the next symbol (n, 6).

    In training a fraction `hidden` of each window's symbols is zeroed.
    """
    from keras import Input, Sequential, layers

    return Sequential(
        [
            Input((size, len(SYMBOLS))),
            layers.Dropout(hidden, noise_shape=(None, size, 1)),
            layers.LSTM(32),
            layers.Dense(12, activation="relu"),
            layers.Dense(12, activation="relu"),
            layers.Dense(len(SYMBOLS), activation="softmax"),
        ]
    )


def train(reads: str, model: str, seed: str, window: int, method: str, methods: dict) -> None:
    """Train a network on windows of the reads and save it."""
    start_keras("tensorflow", "cpu", "float32", int(seed), threads=1)
    from keras import optimizers
    from peaks2motifs.model.training import save_model

    options = methods[method]
    x, y = windows(read_fasta(reads), window, options["framed"])
    print(f"{len(x)} windows of {window} + 1 symbols")
    rate, size, epochs = (options[key] for key in ("learning_rate", "batch_size", "epochs"))
    if options["decay"]:
        rate = optimizers.schedules.CosineDecay(rate, epochs * -(-len(x) // size))
    trained = network(window, options["hidden"])
    adam = optimizers.Adam(rate, clipnorm=1.0)
    trained.compile(adam, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    trained.fit(ONE_HOT[x], y, size, epochs, verbose=2)
    save_model(trained, model)


def write_on(tell: Callable[[list[int]], int], context: list[int], limit: int) -> list[int]:
    """Append what `tell` says follows, until END or `limit` symbols; return what was appended."""
    symbols = list(context)
    while len(symbols) < len(context) + limit and (told := tell(symbols)) != END:
        symbols.append(told)
    return symbols[len(context) :]


def by_network(model, window: int) -> Callable[[list[int]], int]:
    """Tell the next symbol as a network does."""
    return lambda symbols: int(model.predict_on_batch(ONE_HOT[None, symbols[-window:]])[0].argmax())


def by_vote(reads: list[np.ndarray], k: int) -> Callable[[list[int]], int]:
    """Tell the next symbol as most reads do after the same last k symbols; END where none has."""
    votes = defaultdict(Counter)
    for before, symbol in zip(*windows(reads, k, framed=True), strict=True):
        votes[tuple(before)][int(symbol)] += 1
    return lambda symbols: (votes[tuple(symbols[-k:])].most_common(1) or [(END, 0)])[0][0]


def score(
    seed: int, template: np.ndarray, method: str, own: Sequence[int], given: Sequence[int] = ()
) -> dict:
    """Compare what a method was given and its own symbols after that with the template.

    identity is 1 - edits / the longer length; longest is the longest stretch of its own symbols
    that the template has.
    """
    found = np.array([*given, *own], int)
    edits = edit_distance(found, template)
    stretch = SequenceMatcher(None, to_text(own), to_text(template), autojunk=False)
    return {
        "seed": seed,
        "method": method,
        "given": len(given),
        "length": len(found),
        "edits": edits,
        "identity": 1 - edits / max(len(found), len(template)),
        "longest": stretch.find_longest_match().size,
        "sequence": to_text(found),
    }


def reconstruct(
    templates: list[str],
    reads: list[str],
    models: list[str],
    table: str,
    seeds: list[int],
    window: int,
    methods: dict,
    kmer: int,
) -> None:
    """Write how near each method comes to each template, chance and a single read beside them."""
    start_keras("tensorflow", "cpu", "float32", seed=0, threads=1)
    from keras.saving import load_model

    rows, models = [], iter(models)
    for seed, truth, path in zip(seeds, templates, reads, strict=True):
        template, found = read_fasta(truth)[0], read_fasta(path)
        compare = partial(score, seed, template)
        rows.append(compare("chance", np.random.default_rng(0).integers(0, 4, len(template))))
        rows.append(compare("first read", found[0]))
        voted = write_on(by_vote(found, kmer), [START] * kmer, 2 * len(template))
        rows.append(compare("vote", voted))
        for method, options in methods.items():
            # Without a frame there is no end: that network is given a start, and the length.
            given = [] if options["framed"] else list(found[0][:window])
            limit = 2 * len(template) if options["framed"] else len(template) - window
            told = by_network(load_model(next(models)), window)
            rows.append(compare(method, write_on(told, given or [START] * window, limit), given))
    scores = pd.DataFrame(rows)
    write_tsv(scores, table)
    print(scores.groupby("method", sort=False)[["identity", "longest"]].mean().round(3))


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        job = {"simulate": simulate, "train": train, "reconstruct": reconstruct}[snakemake.rule]
        parts = (snakemake.input, snakemake.output, snakemake.params, snakemake.wildcards)
        job(**{name: value for part in parts for name, value in part.items()})
