"""Networks, each a function from windows to logits, and the model that is made of them.

Input: one-hot windows (n, length, 4). First-layer convolutions, whose kernels become motifs, have
names that begin with `kernels`.
"""

import math

import numpy as np
from keras import Input, KerasTensor, Model, initializers, layers, ops
from keras.constraints import MaxNorm

from peaks2motifs.checks.stack_options import expand
from peaks2motifs.core.sequences import ALPHABET
from peaks2motifs.model.kmers import PATTERNS, PROFILES, UNKNOWN, WIDTH, WORDS

BLOCK = 10  # positions whose maximum is taken first, so that zones are made of few values
RECURRENT = {"LSTM": layers.LSTM, "GRU": layers.GRU}


def build(
    network: str, length: int, outputs: int, softmax: bool, kmers: bool = False, **options
) -> Model:
    """Build a model of the network `scan` or `stack`, which get the `options`.

    `outputs` counts classes, 1 for peaks against background. With `softmax` they exclude one
    another, and a single output is made of two units, background and peak.

    The layer `networks` (n, replicates, units) holds the logits of replicates, which share nothing
    but their input. With `kmers`, for one unit only, a regression on gapped k-mers, the layer
    `kmer_score` (n, 1), is mixed into each; it and the layer `mix` are not trained but set by
    `training.add_kmers`. `members` holds what comes of that, `logit` (n, outputs) its mean, and
    the output is the probability of each class (n, outputs).
    """
    units = 2 if softmax and outputs == 1 else outputs
    make = {"scan": scan, "stack": stack}[network]
    window = Input((length, 4), name="window")
    # From here on in full precision, whatever layers compute with.
    networks = layers.Activation("linear", name="networks", dtype="float32")(
        make(window, units, **options)
    )
    members = mix_kmers(networks, window) if kmers else networks
    members = layers.Activation("linear", name="members", dtype="float32")(members)
    logit = ops.mean(members, axis=1)
    if softmax and outputs == 1:
        logit = logit[:, 1:] - logit[:, :1]
    logit = layers.Activation("linear", name="logit", dtype="float32")(logit)
    turned = "softmax" if softmax and outputs > 1 else "sigmoid"
    return Model(
        window, layers.Activation(turned, name="probability", dtype="float32")(logit), name=network
    )


def scan(
    window: KerasTensor,
    units: int,
    kernels: list[tuple[int, int]],
    zones: list[int],
    hidden: int,
    dropout: float,
    activation: str,
    replicates: int,
) -> KerasTensor:
    """Return logits (n, replicates, units) from the best and the mean match of each kernel.

    The default. Every window is read as given and reverse complemented by the same kernels, so both
    strands of a window get one score. `kernels` lists (number, width) of the first layer, `zones`
    distances from the window's middle, in bp, between which matches are also taken apart, and
    `hidden` is the number of units of a dense layer after it, 0 for none: then a logit is a
    weighted sum of the kernels' matches. Replicates are trained side by side, as one network, since
    many small convolutions are slower than one wide one.

    Keras raises ValueError when a kernel is wider than the window.
    """
    strands = window, ops.flip(window, axis=(1, 2))  # A, C, G, T backwards is the complement
    features = ops.concatenate(
        [
            pooled
            for number, width in kernels
            for pooled in pool_matches(strands, number, width, zones, activation, replicates)
        ],
        axis=-1,
    )
    # Small, so that kernels learn faster than the weights on top of them: else these learn the
    # training windows by heart from kernels that have hardly left their random start.
    features = layers.Rescaling(0.05)(features)
    features = layers.Dropout(dropout)(features)
    if hidden:
        features = member_dense(features, hidden, "relu", "hidden")
        features = layers.Dropout(dropout)(features)
    return member_dense(features, units, None, "head")


def pool_matches(
    strands: tuple[KerasTensor, KerasTensor],
    number: int,
    width: int,
    zones: list[int],
    activation: str,
    replicates: int,
) -> list[KerasTensor]:
    """Scan both strands with one set of kernels; return maxima and means (n, replicates, number).

    The maximum over positions and strands tells whether there is a site; the mean over the same
    adds what is spread out, such as clusters of weak sites. Either is taken over the whole window
    and in each zone, since motifs lie near summits. All are standardised.
    """
    convolution = layers.Conv1D(
        replicates * number,
        width,
        activation=activation,
        kernel_initializer="he_normal",
        name=f"kernels_{width}",
    )
    forward, backward = (convolution(strand) for strand in strands)
    largest = layers.MaxPooling1D(BLOCK, padding="same")
    pooled = zone_maxima(ops.maximum(largest(forward), largest(backward)), zones)
    # Halved last, where little is left to halve.
    pooled += [mean / 2 for mean in zone_means(forward + backward, zones)]
    # Maxima hardly differ between windows, beside their size; standardised they are learnt fast.
    normal = {"momentum": 0.9, "scale": False, "center": False}
    return [
        ops.reshape(
            layers.BatchNormalization(**normal, name=f"pooled_{width}_{which}")(one),
            (-1, replicates, number),
        )
        for which, one in enumerate(pooled)
    ]


def zone_members(places: int, edges: np.ndarray) -> list[np.ndarray]:
    """List the places of each zone that holds any, by their distance from the middle one.

    The first zone is nearest; `edges`, in places, come between it, the second and so on. A single
    zone is none, as it would be the whole.
    """
    zone = np.searchsorted(edges, np.abs(np.arange(places) - (places - 1) / 2), side="right")
    members = [np.flatnonzero(zone == z) for z in np.unique(zone)]
    return members if len(members) > 1 else []


def zone_maxima(blocks: KerasTensor, zones: list[int]) -> list[KerasTensor]:
    """Maxima (n, channels) of block maxima (n, blocks, channels): over all, and in each zone."""
    maxima = [ops.max(blocks, axis=1)]
    for members in zone_members(blocks.shape[1], np.array(zones) / BLOCK):
        runs = np.split(members, np.flatnonzero(np.diff(members) > 1) + 1)  # one on either side
        slices = [blocks[:, run[0] : run[-1] + 1] for run in runs]
        maxima.append(ops.max(ops.concatenate(slices, axis=1), axis=1))
    return maxima


def zone_means(activations: KerasTensor, zones: list[int]) -> list[KerasTensor]:
    """Means (n, channels) of activations (n, positions, channels): over all, and in each zone."""
    positions = activations.shape[1]
    members = [np.arange(positions), *zone_members(positions, np.array(zones))]
    shares = np.stack([np.isin(np.arange(positions), m) / len(m) for m in members])
    # As a product of matrices it is several times faster than as means of slices.
    means = ops.matmul(shares.astype(np.float32), activations)
    return [means[:, zone] for zone in range(len(members))]


def mix_kmers(networks: KerasTensor, window: KerasTensor) -> KerasTensor:
    """Mix a score of gapped k-mers into each network's logit (n, replicates, 1)."""
    score = ops.repeat(kmer_score(window), networks.shape[1], axis=1)[..., None]
    return layers.Dense(1, trainable=False, name="mix")(ops.concatenate([networks, score], axis=2))


def kmer_score(window: KerasTensor) -> KerasTensor:
    """Sum the weights of a window's gapped k-mers by their places (n, 1), as `kmers` describes."""
    # A convolution spells numbers: each base that counts is a digit to the base of 4. Where one is
    # N, four zeros, UNKNOWN is missing from the sum, which then lies below 0.
    digits = np.zeros((WIDTH, len(ALPHABET), len(PATTERNS)), np.float32)
    for number, pattern in enumerate(PATTERNS):
        powers = 4.0 ** np.arange(len(pattern) - 1, -1, -1)
        digits[list(pattern), :, number] = powers[:, None] * np.arange(len(ALPHABET)) + UNKNOWN
    spell = layers.Conv1D(
        len(PATTERNS), WIDTH, trainable=False, dtype="float32", name="kmer_digits"
    )
    spelled = spell(layers.ZeroPadding1D((0, WIDTH - 1))(window))
    firsts = np.arange(len(PATTERNS)) * WORDS - len(PATTERNS[0]) * UNKNOWN
    spell.set_weights([digits, firsts])
    numbers = ops.cast(ops.round(ops.where(spelled < -0.5, float(UNKNOWN), spelled)), "int32")
    table = layers.Embedding(
        UNKNOWN + 1,
        len(PROFILES),
        embeddings_initializer="zeros",
        trainable=False,
        name="kmer_table",
    )
    found = layers.Flatten()(table(numbers))
    return layers.Dense(1, trainable=False, name="kmer_score")(found)


def member_dense(x: KerasTensor, units: int, activation: str | None, name: str) -> KerasTensor:
    """Apply a dense layer of its own to each replicate's features (n, replicates, features)."""
    replicates, features = x.shape[1:]
    gain = 2 if activation == "relu" else 1
    return layers.EinsumDense(
        "nrf,rfu->nru",
        output_shape=(replicates, units),
        bias_axes="ru",
        activation=activation,
        kernel_initializer=initializers.RandomNormal(stddev=math.sqrt(gain / features)),
        name=name,
    )(x)


def stack(window: KerasTensor, units: int, replicates: int, **options) -> KerasTensor:
    """Return logits (n, replicates, units) of convolutions, then recurrent, then dense layers.

    Parameters are those of pysster (Budach and Marsico 2018), which reads the forward strand, and
    the few that the other presets need beside: `padding`; `rnn_sequences`, whether dense layers see
    every step of the last recurrent layer or its end; `dropout_rnn` after that layer; and
    `initializer` of kernels. Those of layers may be lists. Raises ValueError as `layers.expand`.
    """
    options = expand(options)
    suffixes = [f"_{member}" for member in range(replicates)] if replicates > 1 else [""]
    members = [stack_member(window, units, options, suffix) for suffix in suffixes]
    return ops.stack(members, axis=1)


def stack_member(window: KerasTensor, units: int, options: dict, suffix: str) -> KerasTensor:
    """Return the logits (n, units) of one replicate of a stack; `options` are expanded."""
    x = layers.Dropout(options["dropout_input"])(window)
    for layer in range(options["conv_num"]):
        x = layers.Conv1D(
            options["kernel_num"][layer],
            options["kernel_len"][layer],
            padding=options["padding"],
            activation="relu",
            name=f"{'convolution' if layer else 'kernels'}{layer or ''}{suffix}",
            **weights(options),
        )(x)
        if options["pool_size"][layer] > 1:
            strides = options["pool_stride"][layer]
            x = layers.MaxPooling1D(options["pool_size"][layer], strides)(x)
        x = layers.Dropout(options["dropout_conv"][layer])(x)
    if options["rnn_type"]:
        x = recurrent_layers(x, options)
    x = layers.Flatten()(x)
    for number, dropout in zip(options["neuron_num"], options["dropout_dense"], strict=True):
        x = layers.Dense(number, activation="relu", **weights(options))(x)
        x = layers.Dropout(dropout)(x)
    initializer = options["initializer"]
    return layers.Dense(units, kernel_initializer=initializer, name=f"head{suffix}")(x)


def recurrent_layers(x: KerasTensor, options: dict) -> KerasTensor:
    """Apply the recurrent layers of a stack to (n, steps, features)."""
    last = options["rnn_num"] - 1
    for layer in range(options["rnn_num"]):
        recurrent = RECURRENT[options["rnn_type"]](
            options["rnn_units"][layer],
            dropout=options["rnn_dropout_input"][layer],
            recurrent_dropout=options["rnn_dropout_recurrent"][layer],
            return_sequences=layer < last or options["rnn_sequences"],
            **weights(options),
        )
        if options["rnn_bidirectional"][layer]:
            recurrent = layers.Bidirectional(recurrent)
        x = recurrent(x)
    return layers.Dropout(options["dropout_rnn"])(x)


def weights(options: dict) -> dict:
    """How the kernels of a layer of a stack begin, and how long they may grow."""
    norm = options["kernel_constraint"]
    constraint = {"kernel_constraint": MaxNorm(norm)} if norm else {}
    return {"kernel_initializer": options["initializer"]} | constraint
