"""Simulated sequences and genomes with planted motifs."""
