"""Sentences of the methods section on motifs, their evidence, names and attributions."""

from peaks2motifs.core.limits import (
    BEST_POSITIONS,
    KOO_WIDTH,
    MAX_BACKGROUND_HITS,
    MAX_NAME_FDR,
    MAX_NAME_Q,
    MAX_Q,
    MIN_NETWORKS,
    MIN_STANDARD_ERRORS,
    RAW_WORDS,
)
from peaks2motifs.pages.citations import CITATIONS, cite
from peaks2motifs.pages.methods_words import format_percent, join_words

SPLITS = {"train": "training", "valid": "validation", "test": "test"}
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
