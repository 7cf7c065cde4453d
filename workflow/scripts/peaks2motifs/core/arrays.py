"""Named arrays in HDF5 files that repeat to the byte."""

import h5py
import hdf5plugin
import numpy as np

_MAX_UNCOMPRESSED = 1 << 16  # elements


def write_arrays(path: str, arrays: dict[str, np.ndarray], **attributes: int) -> None:
    """Write named arrays and root attributes to an HDF5 file.

    Text is stored as ASCII bytes. The same arrays give the same bytes."""
    with h5py.File(path, "w") as file:
        file.attrs.update(attributes)
        for name, values in arrays.items():
            values = values.astype("S") if values.dtype.kind == "U" else values
            is_large = values.ndim > 1 or len(values) > _MAX_UNCOMPRESSED
            compression = hdf5plugin.Blosc(cname="zstd", clevel=3) if is_large else {}
            write_out(file.create_dataset(name, data=values, **compression))


def write_out(dataset: h5py.Dataset) -> None:
    """Write what HDF5 still keeps in memory of a dataset; raise OSError if the disk is full.

    When a dataset closes, h5py ignores such an error, and the data would be zeros. The error is
    also printed, since a disk that stays full ends the process when the file closes.
    """
    try:
        dataset.flush()
    except (OSError, RuntimeError) as error:
        message = f"{dataset.file.filename}: not written; is the disk full? {error}"
        print(f"ERROR: {message}", flush=True)
        raise OSError(message) from None
