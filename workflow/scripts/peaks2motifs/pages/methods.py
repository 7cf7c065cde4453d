"""The methods section of a study, ready to paste into a paper.

Sentences follow the options of the run: what an option switched off is not mentioned. `options` are
the sections of the config with their defaults filled in, `study` summarises the sample sheet.
Citations are marked by `citations.cite`.
"""

from collections.abc import Sequence

from peaks2motifs.checks.stack_options import expand
from peaks2motifs.core.limits import (
    BEST_POSITIONS,
    HELD_OUT,
    KMER_BASES,
    KMER_WIDTH,
    KOO_WIDTH,
    MAX_BACKGROUND_HITS,
    MAX_NAME_FDR,
    MAX_NAME_Q,
    MAX_Q,
    MIN_NETWORKS,
    MIN_STANDARD_ERRORS,
    RAW_WORDS,
)
from peaks2motifs.pages.citations import CITATIONS, cite, number_citations
from peaks2motifs.pages.numbers import spell

BACKENDS = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "PyTorch"}
ACTIVATIONS = {"relu": "ReLU", "elu": "ELU"}  # the others are spelt as the option is
OPTIMIZERS = {"adam": f"Adam {cite('adam')}", "rmsprop": "RMSprop"}
OPTIMIZERS |= {"sgd": "stochastic gradient descent"}
SPLITS = {"train": "training", "valid": "validation", "test": "test"}
# Published networks and published rules that derive motifs from kernels, with their sources.
PRESETS = {"pysster": f"pysster {cite('pysster')}", "primer": f"Zou et al. {cite('primer')}"}
PRESETS |= {"danq": f"DanQ {cite('danq')}", "danq-binary": f"DanQ {cite('danq')}"}
RULES = {
    "danq": "the highest-scoring position in each peak, if its activation exceeded 0 "
    f"{cite('danq')}",
    "factornet": "the highest-scoring position on each strand of a peak, if its activation "
    f"exceeded 0 {cite('factornet')}",
    "pysster": "the highest-scoring positions in windows of the class with the highest mean "
    f"activation {cite('pysster')}",
    "basset": "all positions with an activation above the midpoint between its mean and maximum "
    f"{cite('basset')}",
    "koo": f"all positions above half of the maximum activation, with {KOO_WIDTH} bp around each "
    f"{cite('koo')}",
    "eugene": f"the {BEST_POSITIONS} highest-scoring positions {cite('eugene')}",
}
ATTRIBUTIONS = {
    "saliency": f"saliency {cite('saliency')}",
    "gradient_x_input": "gradient × input",
    "integrated_gradients": f"integrated gradients {cite('integrated_gradients')}",
    "mutagenesis": "in silico mutagenesis",
}


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


def join_words(words: Sequence) -> str:
    """Join words as in "a, b and c"."""
    *others, last = map(str, words)
    return f"{', '.join(others)} and {last}" if others else last


def format_range(values: Sequence[float], form: str) -> str:
    """Format the lowest and the highest value as in "1–5", or the only one."""
    return "–".join(dict.fromkeys(format(value, form) for value in (min(values), max(values))))


def format_percent(fraction: float) -> str:
    """Format a fraction as in "12.5%"."""
    return f"{100 * fraction:g}%"


def count_nouns(number: int, noun: str) -> str:
    """Count nouns as in "1 kernel" and "2 kernels"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def data_sentences(options: dict, study: dict, rows: Sequence[dict]) -> list[str]:
    """Describe windows, background and splits."""
    sentences = []
    if study["peaks"]:
        sentences += window_sentences(options["windows"], study)
        sentences += background_sentences(options["background"], study)
        sentences.append(split_sentence(options["splits"]))
    if study["sequences"]:
        sentences += sequence_sentences(options["sequences"], study["sequences"])
    unit = "experiment or class" if study["joint"] or study["sequences"] else "experiment"
    counts = format_range([row["peaks"] for row in rows], ",")
    return [*sentences, f"Each {unit} contributed {counts} positive windows."]


def window_sentences(windows: dict, study: dict) -> list[str]:
    """Describe how peaks became windows."""
    excluded = f"Windows with more than {format_percent(windows['max_n_fraction'])} unknown bases"
    excluded += " or in blacklisted regions" if study["blacklist"] else ""
    sentences = [
        f"Peaks from {count_nouns(study['peaks'], 'experiment')} were converted to "
        f"{windows['length']:,}-bp windows centred on peak summits.",
        "Peak midpoints were used where no summits were given.",
        f"{excluded} were excluded.",
    ]
    if windows["max_overlap"] < 1:
        sentences.append(
            f"Of two windows that shared more than {format_percent(windows['max_overlap'])} of "
            "their bases, only that of the stronger peak was kept."
        )
    if windows["max_peaks"]:
        sentences.append(
            f"At most {windows['max_peaks']:,} peaks per experiment were kept, the strongest ones."
        )
    return [
        *sentences,
        "Genomic intervals were processed with BEDTools and pybedtools "
        f"{cite('bedtools', 'pybedtools')}, and sequences were extracted with pyfaidx "
        f"{cite('pyfaidx')}.",
    ]


def background_sentences(background: dict, study: dict) -> list[str]:
    """Describe the background, by each mixture of strategies that was used."""
    backgrounds, sentences = study["backgrounds"], []
    for number, shares in enumerate(backgrounds):
        scope = "In others" if number else "In some experiments"
        first, *more = (background_sentence(*share, background, study) for share in shares.items())
        sentences.append(f"{'For each experiment' if len(backgrounds) == 1 else scope}, {first}")
        sentences += [f"Further {text}" for text in more]
    return sentences


def background_sentence(strategy: str, ratio: int, background: dict, study: dict) -> str:
    """Describe the background windows of one strategy, `ratio` per peak."""
    were = "were" if ratio > 1 else "was"
    avoided = "peaks, blacklisted regions" if study["blacklist"] else "peaks"
    strategies = {
        "genomic_gc": f"{count_nouns(ratio, 'background window')} per peak {were} sampled from the "
        f"genome. They did not overlap {avoided} or each other, and matched the GC fraction of "
        f"their peak to within {background['gc_tolerance']:g}.",
        "pool": f"{count_nouns(ratio, 'background window')} per peak {were} sampled from "
        f"predefined candidate regions. They did not overlap {avoided} or each other, and matched "
        f"the GC fraction of their peak to within {background['gc_tolerance']:g}.",
        "other_peaks": f"{count_nouns(ratio, 'background window')} per peak {were} centred on the "
        "peaks of other experiments of the same genome. They lay at least "
        f"{background['distance']:,} bp from the peaks of the experiment, and matched the GC "
        f"fraction of their peak to within {background['gc_tolerance']:g}.",
        "dinucleotide_shuffle": f"{count_nouns(ratio, 'background sequence')} per peak {were} "
        "generated by shuffling the peak sequence, with dinucleotide counts preserved "
        f"{cite('altschul')}.",
        "bed": "background windows were taken from predefined regions.",
    }
    return strategies[strategy]


def split_sentence(splits: dict) -> str:
    """Describe which parts of the genome were held out."""
    if splits["strategy"] == "random":
        return "Random blocks of the genome were held out for validation and testing."
    if splits["valid"] == splits["test"] == "auto":
        return (
            "Whole chromosomes were held out for validation and for testing, each set with about "
            f"{format_percent(HELD_OUT)} of the peaks."
        )
    valid, test = (
        f"chromosomes with about {format_percent(HELD_OUT)} of the peaks"
        if splits[split] == "auto"
        else join_words(splits[split])
        for split in ("valid", "test")
    )
    return f"Whole chromosomes were held out: {valid} for validation, and {test} for testing."


def sequence_sentences(sequences: dict, number: int) -> list[str]:
    """Describe data sets of sequences that came with labels."""
    length = f"{sequences['length']} bp" if sequences["length"] else "the longest sequence"
    return [
        f"Labelled sequences from {count_nouns(number, 'data set')} were centrally cropped, or "
        f"padded with unknown bases, to {length}.",
        f"Where a data set came without splits, {format_percent(sequences['valid'])} of each class "
        f"were drawn for validation and {format_percent(sequences['test'])} for testing.",
    ]


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


def motif_sentences(options: dict) -> list[str]:
    """Describe how kernels became motifs and families, and how these were evaluated."""
    if options["model"].get("conv_num") == 0:
        return []
    motifs = options["motifs"]
    return [
        *site_sentences(motifs),
        f"Kernel motifs were compared by Tomtom {cite('tomtom', 'tomtom_lite')} "
        f"(p ≤ {motifs['family_p']:g} over at least {format_percent(motifs['family_overlap'])} of "
        "the shorter motif).",
        "Similar kernels, and kernels with sites at a constant distance, were candidates for one "
        "family.",
        "Candidates were grouped if they showed the same columns at aligned sites.",
        "Each family motif was counted from the pooled sites of its kernels.",
        *verdict_sentences(options["training"]["replicates"]),
    ]


def site_sentences(motifs: dict) -> list[str]:
    """Describe the sites from which kernel motifs were counted."""
    if motifs["rule"] == "raw":
        return [
            f"Each kernel motif was the mean of the {RAW_WORDS} words with the highest scores "
            "under the kernel weights."
        ]
    split = SPLITS.get(motifs["splits"])
    only = [f"Only sites in {split} windows were used."] if split else []
    if motifs["rule"] != "scan":
        positions = RULES[motifs["rule"]]
        if motifs["rule"] == "eugene" and motifs["eugene_above"]:
            fraction = format_percent(motifs["eugene_above"])
            positions = f"all positions above {fraction} of the maximum activation {cite('eugene')}"
        return [f"Motifs of first-layer kernels were counted from {positions}.", *only]
    return [
        "Motifs of first-layer kernels were counted from sites in peaks, by a procedure adapted "
        f"from DanQ {cite('danq')}.",
        "Each peak contributed its highest-scoring position if the activation passed the threshold "
        "of the kernel.",
        "Thresholds maximised the enrichment of sites in training peaks and were passed by at most "
        f"{format_percent(motifs['max_background'])} of training background windows.",
        *only,
        f"Sites were extended by {motifs['flank']} bp on each side, and outer columns below "
        f"{motifs['trim_information']:g} bits were trimmed.",
        f"Kernels with fewer than {motifs['min_sites']} sites, less than "
        f"{motifs['min_information']:g} bits of information or fewer than {motifs['min_width']} "
        "columns gave no motif.",
    ]


def verdict_sentences(networks: int) -> list[str]:
    """Describe how families were judged on test windows, after training of several `networks`."""
    sentences = [
        "Families were ranked by the standardised difference in activation between peaks and "
        f"background on validation windows {cite('pysster')}.",
        "They were then evaluated on test windows.",
        "Enrichment of sites in peaks was tested by Fisher’s exact test, with Benjamini–Hochberg "
        f"correction {cite('benjamini')}.",
        "A family that was related to an enriched, higher-ranked one was tested conditionally on "
        "the sites of that family.",
        "The AUROC of a family was computed from the highest activation of its kernels in each "
        "window.",
        f"Standard errors of AUROCs followed DeLong et al. {cite('delong')}.",
        f"A family was called supported if it was independently enriched (q < {MAX_Q:g}) and its "
        f"AUROC exceeded 0.5 by more than {MIN_STANDARD_ERRORS:g} standard errors.",
    ]
    if networks > 1:
        sentences.append(
            f"It also had to be learned by at least {MIN_NETWORKS} networks, or by all if it "
            "was related to a higher-ranked family."
        )
    return sentences


def name_sentences(options: dict) -> list[str]:
    """Describe the motif databases and what made a match a name."""
    if options["model"].get("conv_num") == 0:
        return []
    names = options["names"]
    sources = [names["database"]] if isinstance(names["database"], str) else names["database"]
    databases = [
        jaspar_name(names) if source == "jaspar" else f"the motifs in {source}"
        for source in sources
    ]
    return [
        f"Family motifs were compared with {join_words(databases)} by Tomtom {cite('tomtom')}, "
        f"with Euclidean distance as implemented in memelite {cite('tomtom_lite')}.",
        f"A family took the name of its best match if the q-value was at most {MAX_NAME_Q:g} and "
        f"the empirical false discovery rate at most {format_percent(MAX_NAME_FDR)}.",
        "This rate was estimated from column-shuffled copies of the motifs "
        f"({names['shuffles']} per motif).",
        *known_sentences(),
    ]


def known_sentences() -> list[str]:
    """Describe how the known motifs were scored in windows."""
    return [
        "The known motifs were also scored in windows, by log-odds over the base frequencies of "
        "training background windows.",
        "The score of a window was that of the best match on either strand.",
        "On test windows, AUROCs were computed from these scores, and enrichment from matches "
        f"above a threshold that at most {format_percent(MAX_BACKGROUND_HITS)} of training "
        "background windows exceeded.",
    ]


def jaspar_name(names: dict) -> str:
    """Name the JASPAR release and collection, with a citation where there is one."""
    taxa = "" if names["taxa"] == "all" else f", {join_words(names['taxa'])}"
    release = names["release"]
    mark = f" {cite(release)}" if release in CITATIONS else ""
    return f"{release[:6]} {release[6:]} ({names['collection']}{taxa}){mark}"


def attribution_sentences(options: dict) -> list[str]:
    """Describe attributions and TF-MoDISco, where they were asked for."""
    attribution = options["attribution"]
    sentences = []
    if options["pictures"]["attributions"]:
        methods = join_words([ATTRIBUTIONS[method] for method in attribution["methods"]])
        sentences.append(
            f"Base-level attributions were computed by {methods} for the {attribution['top']} test "
            "peaks with the highest logits."
        )
    if attribution["modisco"]:
        sentences.append(
            "Motifs were also identified in attributions of validation and test peaks with "
            f"TF-MoDISco {cite('modisco')}."
        )
    return sentences


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
