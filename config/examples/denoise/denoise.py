"""Reconstruct a template from reads with errors, by networks that predict the next symbol."""

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

SYMBOLS = "ACGT^$"  # the last two mark the start and the end of a read
START, END = SYMBOLS.index("^"), SYMBOLS.index("$")
ONE_HOT = np.eye(len(SYMBOLS), dtype=np.float32)


def simulate(template: str, reads: str, seed: str, options: dict) -> None:
    """Write a random template and its reads; `options` hold its length and the error rates."""
    rng = np.random.default_rng([int(seed), 220])
    errors = dict(options)
    bases = rng.integers(0, 4, errors.pop("length"), np.uint8)
    sequences = {"template": [bases], "read": simulate_reads(bases, rng=rng, **errors)}
    for (kind, rows), path in zip(sequences.items(), (template, reads), strict=True):
        lines = [f">{kind}_{number}\n{to_text(row)}\n" for number, row in enumerate(rows, 1)]
        write_text("".join(lines), path)


def to_text(symbols: Sequence[int]) -> str:
    """Write symbols as letters."""
    return "".join(SYMBOLS[symbol] for symbol in symbols)


def read_fasta(path: str) -> list[np.ndarray]:
    """Read the FASTA files of `simulate` as arrays of symbols."""
    with open(path) as lines:
        rows = [line.strip() for line in lines if not line.startswith(">")]
    return [np.array([SYMBOLS.index(letter) for letter in row]) for row in rows]


def windows(reads: list[np.ndarray], size: int, framed: bool) -> tuple[np.ndarray, np.ndarray]:
    """Cut reads into all windows of `size` symbols (n, size), and the next symbol of each (n,).

    A read of length L has L - size windows. If `framed`, START symbols are added before its first
    base and END after its last, so that it has L + 1 windows.
    """
    if framed:
        reads = [np.concatenate([[START] * size, read, [END]]) for read in reads]
    views = [np.lib.stride_tricks.sliding_window_view(read, size + 1) for read in reads]
    return np.concatenate(views)[:, :-1], np.concatenate(views)[:, -1]


def network(size: int, hidden: float):
    """Return an LSTM with 5,622 parameters: windows (n, size, 6) to the next symbol (n, 6).

    During training, a fraction `hidden` of each window's symbols is set to zero.
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
    """Train a network on windows of the reads, and save it."""
    start_keras("tensorflow", "cpu", "float32", int(seed), threads=1)
    from keras import optimizers
    from peaks2motifs.model.training import save_model

    options = methods[method]
    x, y = windows(read_fasta(reads), window, options["framed"])
    print(f"{len(x)} windows of {window} + 1 symbols")
    rate, size, epochs = (options[key] for key in ("learning_rate", "batch_size", "epochs"))
    if options["decay"]:
        rate = optimizers.schedules.CosineDecay(rate, epochs * -(-len(x) // size))
    lstm = network(window, options["hidden"])
    adam = optimizers.Adam(rate, clipnorm=1.0)
    lstm.compile(adam, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    lstm.fit(ONE_HOT[x], y, size, epochs, verbose=2)
    save_model(lstm, model)


def extend(predict: Callable[[list[int]], int], context: list[int], limit: int) -> list[int]:
    """Append predicted symbols to the context until END or `limit`; return the new symbols."""
    symbols = list(context)
    while len(symbols) < len(context) + limit and (next_symbol := predict(symbols)) != END:
        symbols.append(next_symbol)
    return symbols[len(context) :]


def by_network(model, window: int) -> Callable[[list[int]], int]:
    """Predict the next symbol by a network."""
    return lambda symbols: int(model.predict_on_batch(ONE_HOT[None, symbols[-window:]])[0].argmax())


def by_vote(reads: list[np.ndarray], k: int) -> Callable[[list[int]], int]:
    """Predict the most frequent next symbol of the reads after the last k; END if none has them."""
    votes = defaultdict(Counter)
    for before, symbol in zip(*windows(reads, k, framed=True), strict=True):
        votes[tuple(before)][int(symbol)] += 1
    return lambda symbols: (votes[tuple(symbols[-k:])].most_common(1) or [(END, 0)])[0][0]


def score(
    seed: int, template: np.ndarray, method: str, new: Sequence[int], given: Sequence[int] = ()
) -> dict:
    """Compare a reconstruction, the symbols given and the new ones after them, with the template.

    identity is 1 - edits / the longer length; longest is the length of the longest run of new
    symbols that occurs in the template.
    """
    sequence = np.array([*given, *new], int)
    edits = edit_distance(sequence, template)
    matcher = SequenceMatcher(None, to_text(new), to_text(template), autojunk=False)
    return {
        "seed": seed,
        "method": method,
        "given": len(given),
        "length": len(sequence),
        "edits": edits,
        "identity": 1 - edits / max(len(sequence), len(template)),
        "longest": matcher.find_longest_match().size,
        "sequence": to_text(sequence),
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
    """Score each method on each template, with chance and a single read for comparison."""
    start_keras("tensorflow", "cpu", "float32", seed=0, threads=1)
    from keras.saving import load_model

    rows, models = [], iter(models)
    for seed, truth, path in zip(seeds, templates, reads, strict=True):
        template, seed_reads = read_fasta(truth)[0], read_fasta(path)
        compare = partial(score, seed, template)
        rows.append(compare("chance", np.random.default_rng(0).integers(0, 4, len(template))))
        rows.append(compare("first read", seed_reads[0]))
        voted = extend(by_vote(seed_reads, kmer), [START] * kmer, 2 * len(template))
        rows.append(compare("vote", voted))
        for method, options in methods.items():
            # Without a frame there is no END: this network is given a start, and the length.
            given = [] if options["framed"] else list(seed_reads[0][:window])
            limit = 2 * len(template) if options["framed"] else len(template) - window
            predict = by_network(load_model(next(models)), window)
            rows.append(compare(method, extend(predict, given or [START] * window, limit), given))
    scores = pd.DataFrame(rows)
    write_tsv(scores, table)
    print(scores.groupby("method", sort=False)[["identity", "longest"]].mean().round(3))


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        job = {"simulate": simulate, "train": train, "reconstruct": reconstruct}[snakemake.rule]
        lists = (snakemake.input, snakemake.output, snakemake.params, snakemake.wildcards)
        job(**{name: value for items in lists for name, value in items.items()})
