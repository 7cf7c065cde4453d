"""The methods section of a study, ready to paste into a paper.

Sentences follow the options of the run: what an option switched off is not mentioned. `options` are
the sections of the config with their defaults filled in, `study` summarises the sample sheet.
Citations are marked by `citations.cite`.
"""

from collections.abc import Sequence

from peaks2motifs.pages.citations import cite, number_citations
from peaks2motifs.pages.methods_data import data_sentences
from peaks2motifs.pages.methods_motifs import attribution_sentences, motif_sentences, name_sentences
from peaks2motifs.pages.methods_network import network_sentences
from peaks2motifs.pages.methods_words import join_words

BACKENDS = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "PyTorch"}


def write_methods(
    options: dict, study: dict, trained: Sequence[dict], rows: Sequence[dict]
) -> tuple[list[str], list[str]]:
    """Write the paragraphs of the methods section and its numbered references.

    `trained` holds what `training_notes.read_training_notes` gives for each model. `rows` are the
    index rows of all experiments, of which `peaks` and `auroc` are used.
    """
    paragraphs = [
        data_sentences(options, study, rows),
        network_sentences(options, study, trained, rows),
        motif_sentences(options),
        name_sentences(options),
        attribution_sentences(options),
        software_sentences(study, trained),
    ]
    return number_citations([" ".join(sentences) for sentences in paragraphs if sentences])


def software_sentences(study: dict, trained: Sequence[dict]) -> list[str]:
    """Name the software with its versions, the device and the random seed."""
    backends = {
        f"{BACKENDS[notes['backend']]} {notes[notes['backend']]} {cite(notes['backend'])} "
        f"({notes['device']})"
        for notes in trained
    }
    versions = {f"Keras {notes['keras']} {cite('keras')}" for notes in trained}
    return [
        f"Networks were trained with {join_words(sorted(versions))} on "
        f"{join_words(sorted(backends))}.",
        f"All steps were run with peaks2motifs {study['version']} under Snakemake "
        f"{study['snakemake']} {cite('snakemake')}, with random seed {study['seed']}.",
    ]
