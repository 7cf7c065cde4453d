"""Sentences of the methods section on networks and their training."""

from collections.abc import Sequence

from peaks2motifs.checks.stack_options import expand
from peaks2motifs.core.limits import KMER_BASES, KMER_WIDTH, MAX_Q
from peaks2motifs.pages.citations import cite
from peaks2motifs.pages.methods_words import count_nouns, format_range, join_words
from peaks2motifs.pages.numbers import spell

ACTIVATIONS = {"relu": "ReLU", "elu": "ELU"}  # the others are spelt as the option is
OPTIMIZERS = {"adam": f"Adam {cite('adam')}", "rmsprop": "RMSprop"}
OPTIMIZERS |= {"sgd": "stochastic gradient descent"}
# Published networks and published rules that derive motifs from kernels, with their sources.
PRESETS = {"pysster": f"pysster {cite('pysster')}", "primer": f"Zou et al. {cite('primer')}"}
PRESETS |= {"danq": f"DanQ {cite('danq')}", "danq-binary": f"DanQ {cite('danq')}"}


def network_sentences(
    options: dict, study: dict, trained: Sequence[dict], rows: Sequence[dict]
) -> list[str]:
    """Describe the network, its training and its performance."""
    model, training = options["model"], options["training"]
    sentences = scan_sentences(model) if study["network"] == "scan" else stack_sentences(model)
    sentences += training_sentences(training, {notes["loss"] for notes in trained})
    if training["replicates"] > 1:
        sentences.append(
            f"We trained {training['replicates']} such networks from different random "
            "initialisations and averaged their logits."
        )
    if study["contrasted"]:
        sentences += contrast_sentences(options["background"], study["contrasted"])
    sentences += kmer_sentences([notes["kmers"] for notes in trained])
    sentences += map(joint_sentence, study["joint"])
    return [
        *sentences,
        "The area under the receiver operating characteristic curve (AUROC) on test windows was "
        f"{format_range([row['auroc'] for row in rows], '.3f')}.",
        "Confidence intervals (95%) were computed from "
        f"{options['evaluation']['bootstraps']:,} bootstrap samples, stratified by class.",
    ]


def contrast_sentences(background: dict, contrasted: int) -> list[str]:
    """Describe the comparison with the peaks of other experiments, in `contrasted` experiments."""
    return [
        f"In {count_nouns(contrasted, 'experiment')}, the networks were also trained to "
        "distinguish peaks from the peaks of other experiments of the same genome.",
        f"These were represented by up to {count_nouns(background['others'], 'window')} per peak, "
        "matched in GC fraction. They were centred on summits at least "
        f"{background['distance']:,} bp from the peaks of the experiment.",
        "The losses of both contrasts were added. Each motif family was tested in both, and called "
        "specific to the experiment if it was also enriched against the peaks of other experiments "
        f"(q < {MAX_Q:g}).",
        "Families of these experiments were ranked by the smaller of the two standardised "
        "differences in activation.",
    ]


def scan_sentences(model: dict) -> list[str]:
    """Describe the default network."""
    kernels = join_words([f"{number} of {width} bp" for number, width in model["kernels"]])
    activation = ACTIVATIONS.get(model["activation"], model["activation"])
    zones = ""
    if model["zones"]:
        zones = f" and within zones bounded at {join_words(model['zones'])} bp from its centre"
    combined = f"in a hidden layer of {model['hidden']} units" if model["hidden"] else "linearly"
    return [
        "A convolutional network scanned both strands with the same kernels "
        f"({kernels}; {activation} activation).",
        f"The maximum and mean activations of each kernel were taken over the whole window{zones}.",
        f"They were combined {combined}, with a dropout rate of {model['dropout']:g}.",
    ]


def stack_sentences(model: dict) -> list[str]:
    """Describe a network of stacked layers."""
    model = expand(model)
    layers = []
    convolutions = model["kernel_num"], model["kernel_len"], model["pool_size"]
    for number, width, size in zip(*convolutions, strict=True):
        layers.append(f"convolution ({count_nouns(number, 'kernel')} of width {width})")
        layers += [f"max-pooling ({size} positions)"] if size > 1 else []
    if model["rnn_type"]:
        recurrent = zip(model["rnn_units"], model["rnn_bidirectional"], strict=True)
        layers += [
            f"{'bidirectional ' if both else ''}{model['rnn_type']} ({units} units)"
            for units, both in recurrent
        ]
    layers += [f"dense ({units} units)" for units in model["neuron_num"]]
    source = f", based on {PRESETS[model['preset']]}," if model["preset"] in PRESETS else ""
    return [
        f"A neural network{source} scanned the forward strand.",
        f"Its layers were, in order, {join_words([*layers, 'linear output'])}.",
    ]


def training_sentences(training: dict, loss_names: set[str]) -> list[str]:
    """Describe how the weights were fitted."""
    losses, optimizer = join_words(sorted(loss_names)), OPTIMIZERS[training["optimizer"]]
    momentum = ""
    if training["momentum"]:
        momentum = f" and {'Nesterov ' * training['nesterov']}momentum {training['momentum']:g}"
    sentences = [
        f"The network was trained on {losses} with {optimizer} (learning rate "
        f"{training['learning_rate']:g}{momentum}).",
        f"Batches held {training['batch_size']} windows, and training lasted at most "
        f"{training['epochs']} epochs.",
        f"The learning rate was halved after {training['patience_lr']} epochs without improvement "
        "in validation loss.",
        f"Training stopped after {training['patience_stopping']} such epochs, and the weights of "
        "the best epoch were kept.",
    ]
    if training["roll"]:
        sentences.append(
            "In each epoch, every training window was shifted circularly by up to "
            f"{training['roll']} bp."
        )
    return sentences


def kmer_sentences(with_kmers: Sequence[bool]) -> list[str]:
    """Describe the regression on k-mers, by whether each model has one."""
    if not any(with_kmers):
        return []
    scope = "A" if all(with_kmers) else "For peaks against background, a"
    return [
        f"{scope} logistic regression on gapped k-mers, adapted from gkm-SVM {cite('gkm')}, was "
        "also fitted.",
        f"The k-mers had {spell(KMER_BASES)} informative bases within up to {spell(KMER_WIDTH)} "
        "positions, and were weighted by their location in the window.",
        "The logit of this regression was added to that of the networks, with weights fitted on "
        "validation windows.",
    ]


def joint_sentence(model: dict) -> str:
    """Describe one model of several experiments."""
    task, bound = {
        "multilabel": ("multi-label", "in any number of them"),
        "multiclass": ("multi-class", "in one of them or in none"),
    }[model["task"]]
    return (
        f"One {task} model, {model['name']}, was trained on {model['experiments']} experiments, "
        f"and a window could be bound {bound}."
    )
