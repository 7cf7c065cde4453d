"""Record what made these results: code, environment, options and checksums of inputs."""

import json
import platform
import subprocess
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from peaks2motifs.core.joblog import joblog
from peaks2motifs.data.genome import sha256
from peaks2motifs.model.training_notes import read_training_notes

PACKAGES = ["keras", "tensorflow", "tensorflow-cpu", "numpy", "scipy", "pandas"]
PACKAGES += [
    "pyfaidx",
    "pybedtools",
    "pybigwig",
    "biopython",
    "h5py",
    "hdf5plugin",
    "memelite",
    "modisco",
    "numba",
    "pyjaspar",
]
PACKAGES += ["jinja2", "logomaker", "matplotlib"]


def write_provenance(
    inputs: Sequence[str],
    models: Mapping[str, str],
    output: str,
    config: dict,
    fetched: dict[str, str],
    digests: dict[str, str],
    release: str,
    snakemake_release: str,
    folder: str,
    threads: int,
) -> None:
    """Write provenance.json.

    `inputs` are the user's files, recorded by path with the SHA-256 of their bytes. `fetched` maps
    the downloaded ones to their sources. `models` are paths by name; each model file holds the
    software and the device of its training. `digests` are those of the whole config, which pages
    show, and of the part that determines dataset.h5, which has it as an attribute. `folder` is that
    of the workflow; its git commit is recorded if it is a git checkout. `threads` is the option of
    that name. Other package versions are those of this job's environment; with `--sdm conda`,
    envs/*.yaml at that commit lists those of the other rules.
    """
    record = {
        "peaks2motifs": {"version": release, **git_state(folder)},
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "threads": threads,
        "packages": {name: package_version(name) for name in PACKAGES}
        | {"snakemake": snakemake_release},
        "training": {name: read_training_notes(path) for name, path in models.items()},
        "bedtools": first_line(["bedtools", "--version"]),
        "config": config,
        "config_digests": digests,
        "inputs": {path: sha256(path) for path in sorted(set(inputs))},
        "fetched": fetched,
    }
    Path(output).write_text(json.dumps(record, indent=1, sort_keys=True, default=str) + "\n")
    print(f"{output}: checksums of {len(record['inputs'])} files")


def git_state(folder: str) -> dict[str, str | bool | None]:
    """The commit in `folder`, and whether tracked files differ from it; None outside git."""
    git = ["git", "-C", folder]
    commit = first_line([*git, "rev-parse", "HEAD"])
    changes = first_line([*git, "status", "--porcelain", "--untracked-files=no", "--", "."])
    return {"commit": commit, "modified": bool(changes) if commit else None}


def first_line(command: list[str]) -> str | None:
    """The first line that a command prints; None if it prints none, fails or is not installed."""
    try:
        finished = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return next(iter(finished.stdout.splitlines()), None)


def package_version(name: str) -> str | None:
    """The installed version of a package; None if it is not in this environment."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        write_provenance(
            inputs=snakemake.input.sources,
            models=dict(zip(snakemake.params.models, snakemake.input.models, strict=True)),
            output=snakemake.output[0],
            config=snakemake.params.config,
            fetched=snakemake.params.fetched,
            digests=snakemake.params.digests,
            release=snakemake.params.version,
            snakemake_release=snakemake.params.snakemake,
            folder=snakemake.params.folder,
            threads=snakemake.params.threads,
        )
