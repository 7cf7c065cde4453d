"""The methods of a study in a few paragraphs, ready to paste: only what its options made true.

`options` are the sections of the config, filled in; `study` is what the sample sheet asks for, as
rule write_index has it. Citations are marked as `citations.cite` takes them.
"""

from collections.abc import Sequence

from peaks2motifs.checks.stack_options import expand
from peaks2motifs.pages.citations import CITATIONS, cite

BACKENDS = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "PyTorch"}
# Published networks, and rules from kernels to sites; whose they are.
PRESETS = {"pysster": "pysster [pysster]", "primer": "Zou et al. [primer]"}
PRESETS |= {"danq": "DanQ [danq]", "danq-binary": "DanQ [danq]"}
RULES = {
    "danq": "the best position of each peak, if its activation was above 0 [danq]",
    "factornet": "the best position on each strand of a peak, if above 0 [factornet]",
    "pysster": "the best positions in windows of the class with the highest mean activation, by "
    "the rule of pysster [pysster]",
    "basset": "all positions above the mean activation plus half of what the maximum exceeds it by "
    "[basset]",
    "koo": "all positions above half of the kernel’s maximum, with 20 bp round each [koo]",
    "eugene": "the 100 best positions [eugene]",
}


def describe(
    options: dict, study: dict, trained: Sequence[dict], rows: Sequence[dict]
) -> tuple[list[str], list[str]]:
    """Return paragraphs and references.

    `trained` is what `trained.read_trained` gives for each model, `rows` what the index shows of
    each experiment: `peaks` and `auroc`.
    """
    parts = [data(options, study, rows), network(options, study, trained, rows), motifs(options)]
    parts += [names(options), pictures(options), software(study, trained)]
    return cite([" ".join(filter(None, sentences)) for sentences in parts if any(sentences)])


def listed(words: Sequence) -> str:
    """Words as in "a, b and c"."""
    *others, last = map(str, words)
    return f"{', '.join(others)} and {last}" if others else last


def span(values: Sequence[float], form: str) -> str:
    """The least and the largest of some values, or their only one."""
    return " to ".join(dict.fromkeys(format(value, form) for value in (min(values), max(values))))


def percent(share: float) -> str:
    """A share as in 12.5%."""
    return f"{100 * share:g}%"


def data(options: dict, study: dict, rows: Sequence[dict]) -> list[str]:
    """Windows, background and splits."""
    text = []
    if study["peaks"]:
        text += [windows(options["windows"], study), *background(options, study)]
        text.append(held_out(options["splits"]))
    if study["sequences"]:
        text.append(sequences(options["sequences"], study["sequences"]))
    counts = span([row["peaks"] for row in rows], ",")
    return [*text, f"Each experiment or class has {counts} positive windows."]


def windows(options: dict, study: dict) -> str:
    """From peaks to windows."""
    strongest = f"the {options['max_peaks']:,} strongest " if options["max_peaks"] else ""
    dropped = [f"with more than {percent(options['max_n_fraction'])} unknown bases"]
    dropped += ["in blacklisted regions"] if study["blacklist"] else []
    if options["max_overlap"] < 1:
        share = f"{percent(options['max_overlap'])} of their bases"
        dropped.append(f"that shared more than {share} with that of a stronger peak")
    return (
        f"For {study['peaks']} experiment{'s' * (study['peaks'] > 1)}, {strongest}peaks were made "
        f"into windows of {options['length']} bp centred on summits, or on the middle of a peak "
        f"where no summit was given; windows {' or '.join(dropped)} were left out "
        "[bedtools, pybedtools, pyfaidx]."
    )


def background(options: dict, study: dict) -> list[str]:
    """What peaks were told apart from, by each strategy that was used."""
    ratio = options["background"]["ratio"]
    kinds = {
        "genomic_gc": f"{ratio} windows of the genome per peak, with no base in common with a peak "
        "or with each other and with the GC fraction of the peak within "
        f"{options['background']['gc_tolerance']:g}",
        "dinucleotide_shuffle": f"each peak’s own sequence, {ratio} times in another order that "
        "keeps the counts of all dinucleotides [altschul]",
        "bed": "windows of regions of our own choice",
    }
    where = "Background was " if len(study["strategies"]) == 1 else "In some, background was "
    return [f"{where}{kinds[strategy]}." for strategy in study["strategies"]]


def held_out(options: dict) -> str:
    """Which part of the genome took no part in training."""
    if options["strategy"] == "random":
        return "Blocks of the genome drawn at random were held out for validation and for testing."
    chosen = {
        split: "chromosomes with about 15% of the peaks"
        if options[split] == "auto"
        else listed(options[split])
        for split in ("valid", "test")
    }
    return (
        f"Whole chromosomes were held out: {chosen['valid']} for validation, {chosen['test']} for "
        "testing."
    )


def sequences(options: dict, count: int) -> str:
    """Sequences that came with labels."""
    length = f"{options['length']} bp" if options["length"] else "the longest"
    return (
        f"{count} set{'s' * (count > 1)} of labelled sequences {'were' if count > 1 else 'was'} "
        f"brought to the length of {length}; where it came without a split, "
        f"{percent(options['valid'])} of each class were drawn for validation and "
        f"{percent(options['test'])} for testing."
    )


def network(options: dict, study: dict, trained: Sequence[dict], rows: Sequence[dict]) -> list[str]:
    """What was trained, how, and how well it did."""
    model, training = options["model"], options["training"]
    describe_layers = scan if study["network"] == "scan" else stack
    text = [
        describe_layers(model),
        learning(training, {each["loss"] for each in trained}),
    ]
    if training["replicates"] > 1:
        text.append(
            f"{training['replicates']} such networks were trained from different starting weights, "
            "and the mean of their logits was taken."
        )
    if any(each["kmers"] for each in trained):
        text.append(
            "A logistic regression on gapped k-mers (six bases of up to seven, weighted by place; "
            "after [gkm]) was added to that logit, each weighted as validation windows asked for"
            + (
                "."
                if all(each["kmers"] for each in trained)
                else ", in models of peaks against background."
            )
        )
    text += map(joint, study["joint"])
    values = [row["auroc"] for row in rows]
    text.append(
        f"On test windows the area under the ROC curve was {span(values, '.3f')}; 95% intervals "
        f"are from {options['evaluation']['bootstraps']:,} bootstrap samples within classes."
    )
    return text


def scan(model: dict) -> str:
    """The default network, in a sentence."""
    kernels = listed([f"{number} of {width} bp" for number, width in model["kernels"]])
    zones = ""
    if model["zones"]:
        zones = f" and in zones bounded {listed(model['zones'])} bp from its middle"
    hidden = f"through a hidden layer of {model['hidden']} units" if model["hidden"] else "linearly"
    return (
        f"A convolutional network read both strands with the same kernels ({kernels}; "
        f"{model['activation']}), took the highest and the mean activation of each over the window"
        f"{zones}, and weighed them {hidden}, with a dropout of "
        f"{model['dropout']:g}."
    )


def stack(model: dict) -> str:
    """A network of layers, in a sentence."""
    model = expand(model)
    kernels = zip(model["kernel_num"], model["kernel_len"], model["pool_size"], strict=True)
    layers = [
        f"a convolution of {number} kernel{'s' * (number > 1)} of {width} bp"
        + (f" and max-pooling over {size} positions" if size > 1 else "")
        for number, width, size in kernels
    ]
    if model["rnn_type"]:
        both = "bidirectional " if any(model["rnn_bidirectional"]) else ""
        layers.append(f"{both}{model['rnn_type']} layers of {listed(model['rnn_units'])} units")
    layers += [f"a dense layer of {units} units" for units in model["neuron_num"]]
    source = f", after {PRESETS[model['preset']]}," if model["preset"] in PRESETS else ""
    through = "; ".join([*layers, "a linear output"])
    return f"A neural network{source} read the forward strand through {through}."


def joint(part: dict) -> str:
    """One model of several experiments."""
    kind = {"multilabel": "any number of them", "multiclass": "one of them or none"}[part["task"]]
    return (
        f"One model, {part['name']}, told apart {part['experiments']} experiments, a window being "
        f"bound in {kind}."
    )


def learning(training: dict, losses: set[str]) -> str:
    """How weights were found."""
    optimizer = {"adam": "Adam [adam]", "rmsprop": "RMSprop", "sgd": "stochastic gradient descent"}
    momentum = f", {'Nesterov ' * training['nesterov']}momentum {training['momentum']:g}"
    rolled = f"; windows were rolled by up to {training['roll']} bp in each epoch"
    return (
        f"It was trained with {optimizer[training['optimizer']]} (learning rate "
        f"{training['learning_rate']:g}{momentum if training['momentum'] else ''}) on "
        f"{listed(sorted(losses))} in batches of "
        f"{training['batch_size']} for at most {training['epochs']} epochs, halving the rate after "
        f"{training['patience_lr']} and stopping after {training['patience_stopping']} epochs "
        "without a lower validation loss, with the weights of the best epoch"
        f"{rolled if training['roll'] else ''}."
    )


def motifs(options: dict) -> list[str]:
    """From kernels to motifs and families, and what these were judged by."""
    if options["model"].get("conv_num") == 0:
        return []
    motifs = options["motifs"]
    limits = motifs["rule"] == "scan" and (
        f"Kernels with fewer than {motifs['min_sites']} sites, less than "
        f"{motifs['min_information']:g} bits or fewer than {motifs['min_width']} bp gave no motif."
    )
    families = (
        f"Kernels alike by Tomtom [tomtom, tomtom_lite] (p ≤ {motifs['family_p']:g} over "
        f"{percent(motifs['family_overlap'])} of the shorter one), or "
        "whose sites lie at one distance, and that show the same columns there, were joined into "
        "families, each with the motif of all its sites."
    )
    evidence = (
        "On test windows each family was judged by Fisher’s exact test with the q-values of "
        "[benjamini], and by its own area under the ROC curve with the error of [delong]; families "
        "are called supported that are enriched on their own (q < 0.05), have an area above one "
        "half by more than 1.645 errors, and were learnt by at least two networks where there are "
        "two, by all where they resemble a more important family."
    )
    return [sites(motifs), limits, families, evidence]


def sites(motifs: dict) -> str:
    """Which sites a kernel's motif was counted from."""
    if motifs["rule"] == "raw":
        return "A kernel’s motif is the mean of the 100 words that its weights score highest."
    only = f", in {motifs['splits']} windows only"
    only = "" if motifs["splits"] in ("source", "all") else only
    if motifs["rule"] != "scan":
        return f"Motifs of first-layer kernels were counted from {RULES[motifs['rule']]}{only}."
    return (
        "Motifs of first-layer kernels were counted, after [danq], from the best position of each "
        "peak, where its activation was above a threshold that at most "
        f"{percent(motifs['max_background'])} of training background passes{only}, with "
        f"{motifs['flank']} bp on either side; outer columns below "
        f"{motifs['trim_information']:g} bits were trimmed."
    )


def names(options: dict) -> list[str]:
    """What motifs were compared with."""
    if options["model"].get("conv_num") == 0:
        return []
    options = options["names"]
    sources = options["database"]
    known = []
    for source in [sources] if isinstance(sources, str) else sources:
        taxa = "" if options["taxa"] == "all" else f", {listed(options['taxa'])}"
        release = options["release"]
        mark = f" [{release}]" if release in CITATIONS else ""
        jaspar = f"{release[:6]} {release[6:]} ({options['collection']}{taxa}){mark}"
        known.append(jaspar if source == "jaspar" else f"the motifs of {source}")
    return [
        f"Motifs were compared with {listed(known)} by Tomtom [tomtom] with Euclidean distance, as "
        "memelite has it [tomtom_lite]; a match gives its name to a family where its q-value is at "
        "most 0.05 and its false discovery rate, estimated from "
        f"{options['shuffles']} copies of each motif with its columns shuffled, at most 25%."
    ]


def pictures(options: dict) -> list[str]:
    """Attributions, where they were asked for."""
    marks = {"saliency": "saliency [saliency]", "gradient_x_input": "gradient times input"}
    marks |= {"integrated_gradients": "integrated gradients [integrated_gradients]"}
    marks |= {"mutagenesis": "mutagenesis in silico"}
    methods = listed([marks[method] for method in options["attribution"]["methods"]])
    text = []
    if options["pictures"]["attributions"]:
        text.append(f"The strongest test peaks were explained base by base by {methods}.")
    if options["attribution"]["modisco"]:
        text.append("Attributions were searched for motifs with TF-MoDISco [modisco].")
    return text


def software(study: dict, trained: Sequence[dict]) -> list[str]:
    """What ran, in which versions, on what."""
    used = {
        f"Keras {each['keras']} [keras] on {BACKENDS[each['backend']]} {each[each['backend']]} "
        f"[{each['backend']}] ({each['device']})"
        for each in trained
    }
    return [
        f"Networks were trained with {listed(sorted(used))}. All steps are those of peaks2motifs "
        f"{study['version']}, a workflow for Snakemake {study['snakemake']} [snakemake], with seed "
        f"{study['seed']}."
    ]
