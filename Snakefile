# peaks2motifs: from ChIP-seq peaks to convolutional networks to named motifs. The table of contents.

from snakemake.utils import min_version

min_version("9.0")


if not workflow.overwrite_configfiles:  # --configfile takes its place; Snakemake would merge them

    configfile: "config/config.yaml"


include: "workflow/rules/options.smk"  # options and sample sheet, checked
include: "workflow/rules/common.smk"  # what rules share: digests of code, input functions
include: "workflow/rules/predictions.smk"  # what `snakemake predict` is asked for, checked
include: "workflow/rules/examples.smk"  # the inputs of the worked examples: simulated, or fetched
include: "workflow/rules/simulate.smk"  # motifs planted in random sequences
include: "workflow/rules/genome.smk"  # genome FASTA -> indexed; motif database
include: "workflow/rules/dataset.smk"  # peaks -> windows, background, splits -> dataset.h5
include: "workflow/rules/model.smk"  # dataset.h5 -> model.keras -> predictions, metrics
include: "workflow/rules/motifs.smk"  # first-layer kernels -> motifs, families, sites, names
include: "workflow/rules/predict.smk"  # model.keras and new sequences -> scores, tracks
include: "workflow/rules/report.smk"  # pages, logos, catalogue, provenance


rule all:
    default_target: True
    input:
        expand("results/{experiment}/report.html", experiment=EXPERIMENTS),
        expand("results/{experiment}/logos", experiment=EXPERIMENTS),
        "results/catalogue/catalogue.tsv",
        "results/catalogue/motifs.meme",
        "results/index.html",
        "results/provenance.json",
