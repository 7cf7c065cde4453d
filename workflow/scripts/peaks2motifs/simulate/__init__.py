"""Sequences and genomes with planted motifs, whose truth is known."""
