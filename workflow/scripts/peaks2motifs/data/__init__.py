"""From genomes, peaks and labelled sequences to dataset.h5."""
