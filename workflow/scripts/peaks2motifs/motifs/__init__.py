"""From kernels to motifs, families, genomic sites, names and verdicts."""
