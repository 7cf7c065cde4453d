"""apply_model: the windows that kernels scan, and the names of kernels."""

import keras
import numpy as np
from apply_model import balanced_rows
from peaks2motifs.model.architectures import build
from peaks2motifs.model.scanning import describe_kernels


def test_balanced_rows_are_all_peaks_and_as_many_spread_background_windows():
    y = np.array([0, 1, 0, 0, 0, 1, 0, 0], np.uint8)
    assert balanced_rows(y).tolist() == [0, 1, 4, 5]  # background rows 0 and 4 of 0 2 3 4 6 7


def test_balanced_rows_with_less_background_than_peaks_keep_all_peaks():
    assert balanced_rows(np.array([1, 1, 0, 1], np.uint8)).tolist() == [0, 1, 2, 3]


def test_balanced_rows_without_background_are_the_peaks():
    assert balanced_rows(np.array([1, 1], np.uint8)).tolist() == [0, 1]


def test_every_kernel_has_a_name_a_width_and_a_layer():
    keras.utils.clear_session()
    options = {"zones": [], "kmers": True, "hidden": 0, "dropout": 0, "activation": "relu"}
    options |= {"network": "scan", "outputs": 1, "softmax": False, "replicates": 2}
    model = build(length=40, kernels=[(2, 5), (1, 8)], **options)
    kernels = describe_kernels(model)
    assert kernels["kernel"].tolist() == ["k000", "k001", "k002", "k003", "k004", "k005"]
    assert kernels["width"].tolist() == [5, 5, 5, 5, 8, 8]
    assert kernels["layer"].tolist() == ["kernels_5"] * 4 + ["kernels_8"] * 2
    assert kernels["replicate"].tolist() == [0, 0, 1, 1, 0, 1]
