"""The layers of a stack, before Keras is there: options per layer, and what length each leaves."""

from peaks2motifs.checks.errors import InputError

PER_LAYER = {
    "conv_num": ["kernel_num", "kernel_len", "pool_size", "pool_stride", "dropout_conv"],
    "rnn_num": [
        "rnn_units",
        "rnn_bidirectional",
        "rnn_dropout_input",
        "rnn_dropout_recurrent",
    ],
    "dense_num": ["neuron_num", "dropout_dense"],
}


def expand(options: dict) -> dict:
    """Return the options of `architectures.stack` with one value per layer where layers differ.

    A single value holds for every layer. Raises InputError when a list has another number of values
    than there are layers.
    """
    lists = {}
    for number, names in PER_LAYER.items():
        for name in names:
            value = options[name]
            values = value if isinstance(value, list) else [value] * options[number]
            if len(values) != options[number]:
                raise InputError(
                    f"{name}: {values} are {len(values)} values, expected {options[number]}, as "
                    f"{number} says, or a single one"
                )
            lists[name] = values
    strides = zip(lists["pool_stride"], lists["pool_size"], strict=True)
    return options | lists | {"pool_stride": [stride or size for stride, size in strides]}


def choose_softmax(task: str, loss: str) -> bool:
    """Say whether classes exclude one another, by the task and the option training.loss.

    Raises InputError for a loss that is not of the task.
    """
    other = {"multilabel": "categorical_crossentropy", "multiclass": "binary_crossentropy"}
    if loss == other.get(task):
        raise InputError(f"training.loss is {loss}, the task is {task}; expected auto")
    two_outputs = loss in ("categorical_crossentropy", "auto_softmax")
    return task == "multiclass" or (task == "binary" and two_outputs)


def check_length(length: int, network: str, options: dict) -> None:
    """Raise InputError where windows of `length` bp are too short for a network."""
    if network != "scan":
        remaining_length(length, options)
    elif length < (width := max(width for _, width in options["kernels"])):
        raise InputError(f"kernels: width {width}, windows are only {length} bp")


def remaining_length(length: int, options: dict) -> int:
    """Work out how many positions convolutions and pooling leave of a window of `length` bases.

    `options` are those of `architectures.stack`. Raises InputError, with the sums, where nothing is
    left, and as `expand` does.
    """
    options = expand(options)
    sums = [str(length)]
    layers = zip(options["kernel_len"], options["pool_size"], options["pool_stride"], strict=True)
    for number, (width, size, stride) in enumerate(layers, start=1):
        if options["padding"] == "valid":
            sums.append(f"{length} - {width} + 1 = {length - width + 1} (convolution {number})")
            length = length - width + 1
        if length >= 1 and size > 1:
            left = (length - size) // stride + 1
            sums.append(f"({length} - {size}) // {stride} + 1 = {left} (pooling {number})")
            length = left
        if length < 1:
            raise InputError(f"no position is left of the window: {', '.join(sums)}")
    return length
