"""Network architectures: functions from windows to logits, and the model built around them.

Input: one-hot windows (n, length, 4). The names of first-layer convolutions begin with `kernels`;
their kernels become motifs.
"""

import math

import numpy as np
from keras import Input, KerasTensor, Model, initializers, layers, ops
from keras.constraints import MaxNorm

from peaks2motifs.checks.stack_options import expand
from peaks2motifs.core.limits import KMER_WIDTH
from peaks2motifs.core.sequences import ALPHABET
from peaks2motifs.model.kmers import PATTERNS, PROFILES, UNKNOWN, WORDS

BLOCK = 10  # positions pooled first, so that zones are made of few values
RECURRENT = {"LSTM": layers.LSTM, "GRU": layers.GRU}


def build(
    network: str,
    length: int,
    outputs: int,
    softmax: bool,
    kmers: bool = False,
    others: bool = False,
    **options,
) -> Model:
    """Build a model around the network `scan` or `stack`, which receives the `options`.

    `outputs` is the number of classes, 1 for peaks against background. With `softmax` the classes
    are mutually exclusive, and a single output is computed from two units, background and peak.

    Layers: `networks` (n, replicates, units) holds the logits of the replicates, which share only
    their input. With `kmers`, which needs a single unit, a regression on gapped k-mers (the layer
    `kmer_score`, (n, 1)) is mixed into each replicate. `training.add_kmers` sets the weights of
    `kmer_score` and `mix`; gradient descent does not train them. `members` holds the mixed logits
    and `logit` (n, outputs) their mean. With `others`, which also needs a single unit, the networks
    have a second one: their logits of peaks against the peaks of other experiments. Both are in the
    layer `contrasts` (n, replicates, 2). The output is the probability of each class (n, outputs).
    """
    units = 2 if softmax and outputs == 1 else outputs
    make_logits = {"scan": scan, "stack": stack}[network]
    window = Input((length, 4), name="window")
    logits = make_logits(window, units + others, **options)
    # From here on in float32, whatever precision the layers above compute with.
    if others:
        logits = layers.Activation("linear", name="contrasts", dtype="float32")(logits)[..., :units]
    networks = layers.Activation("linear", name="networks", dtype="float32")(logits)
    members = mix_kmers(networks, window) if kmers else networks
    members = layers.Activation("linear", name="members", dtype="float32")(members)
    logit = ops.mean(members, axis=1)
    if softmax and outputs == 1:
        logit = logit[:, 1:] - logit[:, :1]
    logit = layers.Activation("linear", name="logit", dtype="float32")(logit)
    activation = "softmax" if softmax and outputs > 1 else "sigmoid"
    probability = layers.Activation(activation, name="probability", dtype="float32")(logit)
    return Model(window, probability, name=network)


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

    This is the default network. The same kernels read each window and its reverse complement, so
    both strands of a window get one score.
    `kernels` lists (number, width) of the first-layer kernels. `zones` lists distances from the
    centre of the window, in bp; matches are also pooled within the zones between them. `hidden` is
    the number of units of a dense layer on top; with 0 a logit is a weighted sum of the kernels'
    matches. Replicates are trained side by side as one network, since many small convolutions are
    slower than one wide one.

    Keras raises ValueError if a kernel is wider than the window.
    """
    strands = window, ops.flip(window, axis=(1, 2))  # A, C, G, T reversed is the complement
    features = ops.concatenate(
        [
            pooled
            for number, width in kernels
            for pooled in pool_matches(strands, number, width, zones, activation, replicates)
        ],
        axis=-1,
    )
    # Features are scaled down so that kernels learn faster than the weights on top of them.
    # Otherwise these weights overfit to kernels that are still almost random.
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

    The maximum over positions and strands detects a single site. The mean also detects several weak
    sites. Both are computed over the whole window and in each zone, since motifs lie near summits.
    All are standardised.
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
    # Division by 2 comes last, where the fewest values remain.
    pooled += [mean / 2 for mean in zone_means(forward + backward, zones)]
    # Maxima vary little between windows relative to their size; standardised, they learn faster.
    options = {"momentum": 0.9, "scale": False, "center": False}
    return [
        ops.reshape(
            layers.BatchNormalization(**options, name=f"pooled_{width}_{index}")(feature),
            (-1, replicates, number),
        )
        for index, feature in enumerate(pooled)
    ]


def zone_members(positions: int, edges: np.ndarray) -> list[np.ndarray]:
    """List the positions of each non-empty zone, by their distance from the central position.

    The first zone is the central one. `edges` are the distances, in positions, at which the next
    zones begin. A single zone would be the whole window, so the list is then empty.
    """
    distance = np.abs(np.arange(positions) - (positions - 1) / 2)
    zone = np.searchsorted(edges, distance, side="right")
    members = [np.flatnonzero(zone == number) for number in np.unique(zone)]
    return members if len(members) > 1 else []


def zone_maxima(blocks: KerasTensor, zones: list[int]) -> list[KerasTensor]:
    """Pool block maxima (n, blocks, channels): over all, and in each zone (n, channels)."""
    maxima = [ops.max(blocks, axis=1)]
    for members in zone_members(blocks.shape[1], np.array(zones) / BLOCK):
        runs = np.split(members, np.flatnonzero(np.diff(members) > 1) + 1)  # one run on either side
        slices = [blocks[:, run[0] : run[-1] + 1] for run in runs]
        maxima.append(ops.max(ops.concatenate(slices, axis=1), axis=1))
    return maxima


def zone_means(activations: KerasTensor, zones: list[int]) -> list[KerasTensor]:
    """Average activations (n, positions, channels): over all, and in each zone (n, channels)."""
    positions = activations.shape[1]
    members = [np.arange(positions), *zone_members(positions, np.array(zones))]
    weights = np.stack([np.isin(np.arange(positions), zone) / len(zone) for zone in members])
    # A matrix product is several times faster than means of slices.
    means = ops.matmul(weights.astype(np.float32), activations)
    return [means[:, zone] for zone in range(len(members))]


def mix_kmers(networks: KerasTensor, window: KerasTensor) -> KerasTensor:
    """Mix a score of gapped k-mers into each network's logit (n, replicates, 1)."""
    score = ops.repeat(kmer_score(window), networks.shape[1], axis=1)[..., None]
    return layers.Dense(1, trainable=False, name="mix")(ops.concatenate([networks, score], axis=2))


def kmer_score(window: KerasTensor) -> KerasTensor:
    """Sum the position-dependent weights of the gapped k-mers of a window (n, 1), see `kmers`."""
    # A convolution computes k-mer numbers: each informative base is a digit in base 4. An N is four
    # zeros, so UNKNOWN is missing from the sum, which then lies below 0.
    digits = np.zeros((KMER_WIDTH, len(ALPHABET), len(PATTERNS)), np.float32)
    for number, pattern in enumerate(PATTERNS):
        powers = 4.0 ** np.arange(len(pattern) - 1, -1, -1)
        digits[list(pattern), :, number] = powers[:, None] * np.arange(len(ALPHABET)) + UNKNOWN
    convolution = layers.Conv1D(
        len(PATTERNS), KMER_WIDTH, trainable=False, dtype="float32", name="kmer_digits"
    )
    sums = convolution(layers.ZeroPadding1D((0, KMER_WIDTH - 1))(window))
    offsets = np.arange(len(PATTERNS)) * WORDS - len(PATTERNS[0]) * UNKNOWN
    convolution.set_weights([digits, offsets])
    numbers = ops.cast(ops.round(ops.where(sums < -0.5, float(UNKNOWN), sums)), "int32")
    table = layers.Embedding(
        UNKNOWN + 1,
        len(PROFILES),
        embeddings_initializer="zeros",
        trainable=False,
        name="kmer_table",
    )
    kmer_weights = layers.Flatten()(table(numbers))
    return layers.Dense(1, trainable=False, name="kmer_score")(kmer_weights)


def member_dense(x: KerasTensor, units: int, activation: str | None, name: str) -> KerasTensor:
    """Apply a separate dense layer to each replicate's features (n, replicates, features)."""
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
    """Return logits (n, replicates, units) of convolutional, then recurrent, then dense layers.

    The options are those of pysster (Budach and Marsico 2018), which reads the forward strand only.
    A few more serve the other presets: `padding`; `rnn_sequences`, whether dense layers read every
    step of the last recurrent layer or only its last; `dropout_rnn` after that layer; and
    `initializer` of kernels. Options of layers may be lists. Raises ValueError as
    `stack_options.expand` does.
    """
    options = expand(options)
    suffixes = [f"_{member}" for member in range(replicates)] if replicates > 1 else [""]
    members = [stack_member(window, units, options, suffix) for suffix in suffixes]
    return ops.stack(members, axis=1)


def stack_member(window: KerasTensor, units: int, options: dict, suffix: str) -> KerasTensor:
    """Return the logits (n, units) of one replicate of a stack, from expanded `options`."""
    x = layers.Dropout(options["dropout_input"])(window)
    for layer in range(options["conv_num"]):
        x = layers.Conv1D(
            options["kernel_num"][layer],
            options["kernel_len"][layer],
            padding=options["padding"],
            activation="relu",
            name=f"{'convolution' if layer else 'kernels'}{layer or ''}{suffix}",
            **kernel_options(options),
        )(x)
        if options["pool_size"][layer] > 1:
            strides = options["pool_stride"][layer]
            x = layers.MaxPooling1D(options["pool_size"][layer], strides)(x)
        x = layers.Dropout(options["dropout_conv"][layer])(x)
    if options["rnn_type"]:
        x = recurrent_layers(x, options)
    x = layers.Flatten()(x)
    for number, dropout in zip(options["neuron_num"], options["dropout_dense"], strict=True):
        x = layers.Dense(number, activation="relu", **kernel_options(options))(x)
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
            **kernel_options(options),
        )
        if options["rnn_bidirectional"][layer]:
            recurrent = layers.Bidirectional(recurrent)
        x = recurrent(x)
    return layers.Dropout(options["dropout_rnn"])(x)


def kernel_options(options: dict) -> dict:
    """Return the initializer and the norm constraint of a layer's kernel, as Keras arguments."""
    norm = options["kernel_constraint"]
    constraint = {"kernel_constraint": MaxNorm(norm)} if norm else {}
    return {"kernel_initializer": options["initializer"]} | constraint
