"""Arrays by name in HDF5 files, the same bytes each time."""

import h5py
import hdf5plugin
import numpy as np

_SMALL = 1 << 16  # elements


def write_arrays(path: str, arrays: dict[str, np.ndarray], **attributes: int) -> None:
    """Write arrays by name, and attributes, as HDF5; the same bytes each time."""
    with h5py.File(path, "w") as file:
        file.attrs.update(attributes)
        for name, values in arrays.items():
            values = values.astype("S") if values.dtype.kind == "U" else values
            is_large = values.ndim > 1 or len(values) > _SMALL
            packing = hdf5plugin.Blosc(cname="zstd", clevel=3) if is_large else {}
            file.create_dataset(name, data=values, **packing)
