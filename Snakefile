# peaks2motifs: from ChIP-seq peaks to convolutional networks to named motifs. The table of contents.

from snakemake.utils import min_version

min_version("9.0")


report: "workflow/report/workflow.rst"


if not workflow.overwrite_configfiles:  # --configfile takes its place; Snakemake would merge them

    configfile: "config/config.yaml"


include: "workflow/rules/options.smk"  # the config, checked


if config["container"]:

    containerized: config["container"]


include: "workflow/rules/sources.smk"  # files named by address or accession
include: "workflow/rules/sheet.smk"  # the sample sheet, checked
include: "workflow/rules/common.smk"  # what rules share: digests of code and options
include: "workflow/rules/inputs.smk"  # the functions by which rules find their inputs
include: "workflow/rules/resources.smk"  # memory, disk, time and GPUs that rules ask for
include: "workflow/rules/classes.smk"  # models with classes, such as joint ones of experiments
include: "workflow/rules/predictions.smk"  # what `snakemake predict` is asked for, checked
include: "workflow/rules/trials.smk"  # what `snakemake search` tries, checked
include: "workflow/rules/examples.smk"  # the inputs of the embedded demo, simulated
include: "workflow/rules/fetch.smk"  # files named by address or accession -> local files
include: "workflow/rules/simulate.smk"  # motifs planted in random sequences
include: "workflow/rules/genome.smk"  # genome FASTA -> indexed; motif database
include: "workflow/rules/dataset.smk"  # peaks -> windows, background, splits -> dataset.h5
include: "workflow/rules/sequences.smk"  # or sequences with labels -> dataset.h5
include: "workflow/rules/model.smk"  # dataset.h5 -> model.keras -> predictions, metrics
include: "workflow/rules/motifs.smk"  # first-layer kernels -> motifs, families, sites, names
include: "workflow/rules/pictures.smk"  # kernels, attributions -> pictures; TF-MoDISco
include: "workflow/rules/predict.smk"  # model.keras and new sequences -> scores, tracks
include: "workflow/rules/report.smk"  # pages, logos, index, provenance
include: "workflow/rules/catalogue.smk"  # families of all experiments -> one set of motifs
include: "workflow/rules/search.smk"  # dataset.h5 and other options -> trials, the best of them
include: "workflow/rules/failures.smk"  # a run that failed -> the index of what is finished


rule all:
    default_target: True
    input:
        expand("results/{experiment}/report.html", experiment=PAGES),
        expand("results/{experiment}/logos", experiment=PAGES),
        expand("results/{experiment}/motifs.homer", experiment=PAGES),
        expand("results/{experiment}/tomtom", experiment=TOMTOM_PAGES),
        expand("results/{experiment}/index.html", experiment=CLASSES),
        expand("results/{experiment}/rules.tsv", experiment=PAGES if MOTIFS["compare"] else []),
        pictures(),
        between(),
        "results/catalogue/index.html",
        "results/index.html",
        "results/method.html",
        "results/provenance.json",
