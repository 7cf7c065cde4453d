"""Networks, each a function that returns a Keras model. Input: one-hot windows (n, length, 4).

First-layer convolutions, whose kernels become motifs, have names that begin with `kernels`. Every
model ends in a layer `logit` (n, 1), the value before the sigmoid, and the probability (n, 1).
"""

import math

import numpy as np
from keras import Input, KerasTensor, Model, initializers, layers, ops

from peaks2motifs.kmers import PATTERNS, PROFILES, UNKNOWN, WIDTH, WORDS
from peaks2motifs.sequences import ALPHABET

BLOCK = 10  # positions whose maximum is taken first, so that zones are made of few values


def scan(
    length: int,
    kernels: list[tuple[int, int]],
    zones: list[int],
    kmers: bool,
    hidden: int,
    dropout: float,
    activation: str,
    replicates: int,
) -> Model:
    """Build the default: the best and the mean match of each kernel, on either strand, decide.

    Every window is read as given and reverse complemented by the same kernels, so both strands of
    a window get one score. `kernels` lists (number, width) of the first layer, `zones` distances
    from the window's middle, in bp, between which matches are also taken apart, and `hidden` is the
    number of units of a dense layer after it, 0 for none: then the logit is a weighted sum of the
    kernels' matches. `replicates` networks that share nothing but their input are trained side by
    side, as one, since many small convolutions are slower than one wide one; the layer `networks`
    (n, replicates) holds the logit of each.

    With `kmers` a regression on gapped k-mers, the layer `kmer_score` (n, 1), is mixed into each;
    it and the layer `mix` are not trained but set by `training.add_kmers`. The layer `members`
    (n, replicates) holds what comes of that, `logit` its mean.

    Keras raises ValueError when a kernel is wider than the window.
    """
    window = Input((length, 4), name="window")
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
    networks = layers.Reshape((replicates,), name="networks")(
        member_dense(features, 1, None, "network_logits")
    )
    members = mix_kmers(networks, window) if kmers else networks
    members = layers.Activation("linear", name="members")(members)
    logit = layers.Reshape((1,), name="logit")(ops.mean(members, axis=1))
    probability = layers.Activation("sigmoid", name="probability")(logit)
    return Model(window, probability, name="scan")


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
    pooled += zone_means((forward + backward) / 2, zones)
    # Maxima hardly differ between windows, beside their size; standardised they are learnt fast.
    return [
        ops.reshape(
            layers.BatchNormalization(momentum=0.9, scale=False, center=False)(one),
            (-1, replicates, number),
        )
        for one in pooled
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
    """Mix a score of gapped k-mers into each network's logit (n, replicates)."""
    score = kmer_score(window)
    both = ops.stack([networks, ops.repeat(score, networks.shape[1], axis=1)], axis=2)
    mixed = layers.Dense(1, trainable=False, name="mix")(both)
    return ops.squeeze(mixed, axis=2)


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
