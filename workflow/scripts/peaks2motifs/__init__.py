"""The science of peaks2motifs: pure functions that know nothing of Snakemake."""
