"""Draw the inputs optimised to activate units of one model."""

import h5py
import hdf5plugin  # noqa: F401 (registers the compression of inputs.h5)
from peaks2motifs.core.joblog import joblog
from peaks2motifs.pages.attribution_figures import plot_inputs


def draw_inputs(inputs: str, figure: str) -> None:
    """Draw each input of inputs.h5 as a logo, stacked in one figure, with a warning."""
    with h5py.File(inputs) as file:
        units = zip(file["layer"][:], file["unit"][:], file["value"][:], strict=True)
        names = [f"{layer.decode()}, unit {unit}: {value:.3g}" for layer, unit, value in units]
        plot_inputs(names, file["ppm"][:], figure)
    print(f"{figure}: {len(names)} units")


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        draw_inputs(
            inputs=snakemake.input[0],
            figure=snakemake.output[0],
        )
