"""Networks, each a function that returns a Keras model. Input: one-hot windows (n, length, 4).

First-layer convolutions, whose kernels become motifs, have names that begin with `kernels`. Every
model ends in a layer `logit` (n, 1), the value before the sigmoid, and the probability (n, 1).
"""

import math

from keras import Input, KerasTensor, Model, initializers, layers, ops


def scan(
    length: int,
    kernels: list[tuple[int, int]],
    hidden: int,
    dropout: float,
    activation: str,
    replicates: int,
) -> Model:
    """Build the default: the best and the mean match of each kernel, on either strand, decide.

    Every window is read as given and reverse complemented by the same kernels, so both strands of
    a window get one score. `kernels` lists (number, width) of the first layer, `hidden` is the
    number of units of a dense layer after it, 0 for none: then the logit is a weighted sum of the
    kernels' matches. `replicates` networks that share nothing but their input are trained side by
    side, as one, since many small convolutions are slower than one wide one; the layer `members`
    (n, replicates) holds the logit of each, `logit` their mean.

    Keras raises ValueError when a kernel is wider than the window.
    """
    window = Input((length, 4), name="window")
    strands = window, ops.flip(window, axis=(1, 2))  # A, C, G, T backwards is the complement
    features = ops.concatenate(
        [
            pooled
            for number, width in kernels
            for pooled in pool_matches(strands, number, width, activation, replicates)
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
    members = layers.Reshape((replicates,), name="members")(
        member_dense(features, 1, None, "member_logits")
    )
    logit = layers.Reshape((1,), name="logit")(ops.mean(members, axis=1))
    probability = layers.Activation("sigmoid", name="probability")(logit)
    return Model(window, probability, name="scan")


def pool_matches(
    strands: tuple[KerasTensor, KerasTensor],
    number: int,
    width: int,
    activation: str,
    replicates: int,
) -> list[KerasTensor]:
    """Scan both strands with one set of kernels; return maxima and means (n, replicates, number).

    The maximum over positions and strands tells whether there is a site; the mean over the same
    adds what is spread out, such as clusters of weak sites. Both are standardised.
    """
    convolution = layers.Conv1D(
        replicates * number,
        width,
        activation=activation,
        kernel_initializer="he_normal",
        name=f"kernels_{width}",
    )
    forward, backward = (convolution(strand) for strand in strands)
    # Pooling layers over the whole length run several times faster on CPUs than ops.max.
    positions = forward.shape[1]
    maximum, mean = layers.MaxPooling1D(positions), layers.AveragePooling1D(positions)
    best = ops.maximum(maximum(forward), maximum(backward))
    average = (mean(forward) + mean(backward)) / 2
    # Maxima hardly differ between windows, beside their size; standardised they are learnt fast.
    return [
        ops.reshape(
            layers.BatchNormalization(momentum=0.9, scale=False, center=False)(pooled),
            (-1, replicates, number),
        )
        for pooled in (best, average)
    ]


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
