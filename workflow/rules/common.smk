# What rules share: digests of code and options, and the functions that find their inputs.

import ast
import hashlib
import json
import os


def library_imports(source):
    """The library's modules that Python source names in its imports."""
    found = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    names = {f"{node.module}.{alias.name}" for node in found for alias in node.names}
    return sorted({name.split(".")[1] for name in names if name.startswith("peaks2motifs.")})


def code(script):
    """Digest the content of a script and of the library modules it imports, directly or not.

    Snakemake does not see edits to imported files; as a parameter of its rule, this makes them
    rerun what they touch and nothing else. `source_path` also delivers the files when the workflow
    is a remote module.
    """
    files, digest = [script, "peaks2motifs/__init__.py"], hashlib.sha256()
    for name in files:
        text = Path(workflow.source_path(f"../scripts/{name}")).read_text()
        digest.update(text.encode())
        modules = [f"peaks2motifs/{module}.py" for module in library_imports(text)]
        files += [module for module in modules if module not in files]
    return digest.hexdigest()[:12]


def digest_of(*sections):
    """Digest the named sections of the options."""
    text = json.dumps([config[section] for section in sections], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def training_options():
    """The training options that `training.train` takes."""
    return {k: v for k, v in config["training"].items() if k not in ("replicates", "threads")}


def genome_of(wildcards):
    """The files of an experiment's genome, by name."""
    folder = f"results/genomes/{SHEET.genome[wildcards.experiment]}"
    return {
        "fasta": f"{folder}/genome.fa",
        "fai": f"{folder}/genome.fa.fai",
        "blacklist": f"{folder}/blacklist.bed",
        "sha256": f"{folder}/genome.sha256",
    } | aliases_of(SHEET.genome[wildcards.experiment])


def genome_sources(wildcards):
    """The user's files of a genome, by name; blacklist and aliases only when given."""
    return {name: path for name, path in config["genomes"][wildcards.genome].items() if path}


def aliases_of(genome):
    """The genome's alias file by name, when it has one."""
    aliases = config["genomes"][genome].get("aliases")
    return {"aliases": aliases} if aliases else {}


def genome_name_of(wildcards):
    """The name of an experiment's genome."""
    return SHEET.genome[wildcards.experiment]


def factor_of(wildcards):
    """The factor of an experiment, empty when the sheet names none."""
    return SHEET.factor[wildcards.experiment]


def peaks_of(wildcards):
    """The peak file of an experiment."""
    return SHEET.peaks[wildcards.experiment]


def background_of(wildcards):
    """The user's own background of an experiment, or nothing."""
    return SHEET.background[wildcards.experiment] or []


def strategy_of(wildcards):
    """How an experiment's background is made; its own file comes before the option."""
    return "bed" if background_of(wildcards) else config["background"]["strategy"]


def database_source(wildcards):
    """The user's own MEME file of known motifs, or nothing: JASPAR comes with its package."""
    source = config["names"]["database"]
    return [] if source == "jaspar" else source


def simulations(wildcards):
    """All data sets of `snakemake simulate`."""
    if not config["simulate"]:
        refuse("config: simulate: nothing to simulate, expected a name with motifs and length")
    return expand("results/simulations/{simulation}/dataset.h5", simulation=config["simulate"])


def simulated_database(wildcards):
    """The user's own MEME file of motifs to plant, or nothing: JASPAR comes with its package."""
    source = config["simulate"][wildcards.simulation]["database"]
    return [] if source == "jaspar" else source


def simulation_options(wildcards):
    """The options of one simulation; without a seed of its own it has the config's."""
    options = config["simulate"][wildcards.simulation]
    return options if options["seed"] is not None else options | {"seed": config["seed"]}


def user_files():
    """Every file that the user named and that an experiment needs."""
    genomes = [config["genomes"][name] for name in dict.fromkeys(SHEET.genome)]
    paths = [path for files in genomes for path in files.values() if path]
    return [config["experiments"], *paths, *SHEET.peaks, *filter(None, SHEET.background)]


def command():
    """The command line that makes these results again, run in the same folder."""
    files = [os.path.relpath(path) for path in workflow.overwrite_configfiles]
    return " ".join(["snakemake", *(f"--configfile {path}" for path in files)])


VERSION = re.search(
    r'^version = "(.+)"',
    Path(workflow.source_path("../../pyproject.toml")).read_text(),
    re.MULTILINE,
)[1]
COMMAND = command()
RESULTS = [section for section in config if section not in ("predict", "simulate")]
DATASET_DIGEST = digest_of("windows", "splits", "background", "dataset", "seed")
