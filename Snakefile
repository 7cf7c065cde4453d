# peaks2motifs: from ChIP-seq peaks to convolutional networks to named motifs. The table of contents.

from snakemake.utils import min_version

min_version("9.0")


report: "workflow/report/workflow.rst"


if not workflow.overwrite_configfiles:  # --configfile takes its place; Snakemake would merge them

    configfile: "config/config.yaml"


include: "workflow/rules/common.smk"  # what all rules share, such as digests of code and options
include: "workflow/rules/check.smk"  # config and sample sheet, checked before any rule


if config["container"]:

    containerized: config["container"]


include: "workflow/rules/inputs.smk"  # the functions by which rules find inputs and parameters
include: "workflow/rules/resources.smk"  # memory, disk, time and GPUs that rules ask for
include: "workflow/rules/fetch.smk"  # files named by address or accession -> local files
include: "workflow/rules/genome.smk"  # genome FASTA -> indexed; motif database
include: "workflow/rules/dataset.smk"  # peaks or labelled sequences -> windows, splits -> dataset.h5
include: "workflow/rules/model.smk"  # dataset.h5 -> model.keras -> predictions, metrics
include: "workflow/rules/motifs.smk"  # first-layer kernels -> motifs, families, sites, names
include: "workflow/rules/pictures.smk"  # kernels, attributions -> pictures; TF-MoDISco
include: "workflow/rules/report.smk"  # pages, logos, index, provenance
include: "workflow/rules/catalogue.smk"  # families of all experiments -> one set of motifs
include: "workflow/rules/predict.smk"  # model.keras and new sequences -> scores, tracks
include: "workflow/rules/search.smk"  # dataset.h5 and other options -> trials, the best of them
include: "workflow/rules/simulate.smk"  # the demo's genome; motifs planted in random sequences
include: "workflow/rules/failures.smk"  # a run that failed -> the index of what is finished


rule all:
    default_target: True
    input:
        all_outputs(),
        "results/provenance.json",
