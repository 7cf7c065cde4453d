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
            file.create_dataset(name, data=values, **compression)
