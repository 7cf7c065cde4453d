"""Start Keras on TensorFlow, JAX or PyTorch so that results are reproducible."""

import importlib.util
import os
import sys

from peaks2motifs.core.joblog import InputError


def start_keras(backend: str, device: str, precision: str, seed: int, threads: int) -> dict:
    """Start Keras on `backend`, seeded and deterministic; return the versions and settings in use.

    Call it before anything imports Keras. `device` is "auto", "cpu" or "gpu", `precision` a dtype
    policy of Keras. Different numbers of threads give different weights, so `threads` is set by the
    user and does not follow the number of cores of a job. Of several GPUs the first is used; with
    JAX all share each batch. A missing GPU causes a warning only.
    Returns the version of each package, `backend`, `device` (names of GPUs, or CPU), `threads` and
    `precision`. Raises InputError if the backend is not installed.
    """
    if importlib.util.find_spec(backend) is None:
        raise InputError(
            f"training.backend: {backend} is not installed, expected pip install {backend}"
        )
    os.environ["KERAS_BACKEND"] = backend
    if device == "cpu":
        os.environ["CUDA_VISIBLE_DEVICES"] = ""
    starters = {"tensorflow": _start_tensorflow, "jax": _start_jax, "torch": _start_torch}
    gpus = starters[backend](threads)
    import keras

    keras.utils.set_random_seed(seed)
    keras.config.set_dtype_policy(precision)
    if backend == "jax" and len(gpus) > 1:
        keras.distribution.set_distribution(keras.distribution.DataParallel())
    else:
        gpus = gpus[:1]
    settings = {"backend": backend, "device": ", ".join(gpus) or "CPU"}
    settings |= {"threads": threads, "precision": precision}
    settings |= {name: sys.modules[name].__version__ for name in ("keras", "numpy", backend)}
    print("; ".join(f"{name}: {value}" for name, value in settings.items()))
    if device == "gpu" and not gpus:
        print("WARNING: training.device is gpu, but no GPU was found; using the CPU")
    return settings


def _start_tensorflow(threads: int) -> list[str]:
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.config.experimental.enable_op_determinism()
    gpus = tf.config.list_physical_devices("GPU")
    for gpu in gpus:  # otherwise one job takes all memory of a GPU that several jobs share
        tf.config.experimental.set_memory_growth(gpu, True)
    details = [tf.config.experimental.get_device_details(gpu) for gpu in gpus]
    return [detail.get("device_name", "GPU") for detail in details]


def _start_jax(threads: int) -> list[str]:
    flags = (
        f"--xla_cpu_multi_thread_eigen={str(threads > 1).lower()} --xla_gpu_deterministic_ops=true"
    )
    os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} {flags}".strip()
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
    import jax

    return [device.device_kind for device in jax.devices() if device.platform == "gpu"]


def _start_torch(threads: int) -> list[str]:
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # cuBLAS is then deterministic
    import torch

    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(True, warn_only=True)
    return [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())]
