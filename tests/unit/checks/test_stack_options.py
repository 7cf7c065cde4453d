"""Options of a stack of layers: one value for each layer, and windows that are long enough."""

import pytest
from peaks2motifs.checks.errors import InputError
from peaks2motifs.checks.stack_options import (
    check_length,
    choose_softmax,
    expand,
    remaining_length,
)

STACK = {
    "conv_num": 2, "kernel_num": 30, "kernel_len": 25, "padding": "valid", "pool_size": 2,
    "pool_stride": None, "dropout_conv": 0.3, "rnn_num": 1, "rnn_units": 32, "dense_num": 1,
    "rnn_bidirectional": True, "rnn_dropout_input": 0.2, "rnn_dropout_recurrent": 0,
    "neuron_num": 100, "dropout_dense": 0.6,
}  # fmt: skip


def test_a_single_value_holds_for_every_layer():
    options = expand(STACK | {"kernel_num": [10, 20]})
    assert options["kernel_num"] == [10, 20]
    assert options["kernel_len"] == [25, 25]
    assert options["pool_stride"] == [2, 2]  # null: as pool_size
    assert options["neuron_num"] == [100]


def test_a_list_of_another_length_is_refused():
    message = (
        r"^kernel_num: \[1, 2, 3\] are 3 values, expected 2, as conv_num says, or a single one"
    )
    with pytest.raises(InputError, match=message):
        expand(STACK | {"kernel_num": [1, 2, 3]})


def test_a_loss_is_of_its_task():
    assert [choose_softmax("binary", loss) for loss in ("auto", "auto_softmax")] == [False, True]
    assert choose_softmax("multiclass", "auto")
    assert not choose_softmax("multilabel", "auto_softmax")
    for task, loss in [("multilabel", "categorical"), ("multiclass", "binary")]:
        with pytest.raises(InputError, match=f"{loss}_crossentropy, the task is {task}"):
            choose_softmax(task, f"{loss}_crossentropy")


def test_windows_too_short_for_a_network_are_refused():
    scan = {"kernels": [[4, 8], [2, 16]]}
    check_length(16, "scan", scan)
    with pytest.raises(InputError, match="kernels: width 16, windows are only 15 bp"):
        check_length(15, "scan", scan)
    check_length(300, "stack", STACK)
    with pytest.raises(InputError, match="no position is left of the window: 40"):
        check_length(40, "stack", STACK)


def test_convolutions_and_pooling_shorten_a_window():
    assert remaining_length(300, STACK) == 57  # (300 - 24) / 2 = 138, (138 - 24) / 2 = 57
    assert remaining_length(300, STACK | {"padding": "same"}) == 75
    assert remaining_length(300, STACK | {"pool_size": 1}) == 252
