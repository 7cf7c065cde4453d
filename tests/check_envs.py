"""Check envs/*.yaml without conda or a network (part of `make lint`).

For each rule with a script: its environment file is there, holds every package that the script
imports, itself or through the library, and nothing else, each in valid conda grammar and pinned to
the version of envs/cpu.lock.txt. What this cannot tell is whether a channel has that package.
"""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from rattler import MatchSpec
from rattler.exceptions import InvalidMatchSpecError

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = "peaks2motifs"
CHOSEN = {"jax", "torch"}  # Keras' other backends, for the user to install who asks for one
NOT_IMPORTED = {"python", "pip"}
PROGRAMS = {"pybedtools": "bedtools"}  # a package and the program it calls, which no lock holds


def rules_of(text: str) -> dict[str, tuple[str | None, str | None]]:
    """Find each rule's script and environment, as paths relative to the .smk file."""
    parts = re.split(r"^rule (\w+):", text, flags=re.MULTILINE)[1:]
    return {
        name: (directive("script", body), directive("conda", body))
        for name, body in zip(parts[::2], parts[1::2], strict=True)
    }


def directive(name: str, body: str) -> str | None:
    """The one quoted value of a rule's directive."""
    found = re.search(rf'^    {name}:\n +"([^"]+)"', body, re.MULTILINE)
    return found[1] if found else None


def modules_of(script: Path) -> set[str]:
    """The top-level modules that a script imports, itself or through the library."""
    files, modules = [script], set()
    for file in files:
        for module in imports_of(file.read_text()):
            own = script.parent / Path(*module.split(".")).with_suffix(".py")
            if not module.startswith(LIBRARY):
                modules.add(module.split(".")[0])
            elif own.is_file() and own not in files:
                files.append(own)
    return modules


def imports_of(source: str) -> set[str]:
    """The dotted names that a module imports, at any depth; `from a import b` may name a.b."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or LIBRARY
            names |= {base} | {f"{base}.{alias.name}" for alias in node.names}
    return names


def packages_of(modules: set[str]) -> set[str]:
    """The packages to install for these modules; pybedtools needs the program as well."""
    owners = packages_distributions()
    third_party = modules - set(sys.stdlib_module_names) - CHOSEN
    packages = {canonicalize_name(owners.get(module, [module])[0]) for module in third_party}
    return packages | {PROGRAMS[package] for package in packages & set(PROGRAMS)}


def read_env(text: str) -> tuple[dict[str, str | None], list[str]]:
    """Read an environment: the exact version of each package, None if not exact; and its faults."""
    versions, faults = {}, []
    for entry in yaml.safe_load(text)["dependencies"]:
        for spec in entry["pip"] if isinstance(entry, dict) else [entry]:
            try:
                read = read_pip if isinstance(entry, dict) else read_conda
                versions.update([read(spec)])
            except (InvalidMatchSpecError, ValueError) as error:
                faults.append(f"{spec!r}: {error}")
    return versions, faults


def read_conda(spec: str) -> tuple[str, str | None]:
    """Name and version of `name =1.2.3`, by conda's own grammar."""
    match = MatchSpec(spec, strict=True)
    version = re.fullmatch(r"=*([^=<>!~|,*]+)(\.\*)?", str(match.version))
    return match.name.normalized, version and version[1]


def read_pip(spec: str) -> tuple[str, str | None]:
    """Name and version of `name==1.2.3`."""
    requirement = Requirement(spec)
    version = re.fullmatch(r"==([^=<>!~,*]+)", str(requirement.specifier))
    return canonicalize_name(requirement.name), version and version[1]


def read_lock(text: str, python: str) -> dict[str, str]:
    """The versions that a lock has for a Python version such as 3.11 on Linux."""
    place = {"python_version": python, "python_full_version": f"{python}.0"}
    place |= {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64"}
    lines = re.findall(r"^\S+==[^\\\n]+", text, re.MULTILINE)
    requirements = [Requirement(line.strip()) for line in lines]
    return {
        canonicalize_name(r.name): str(r.specifier).removeprefix("==")
        for r in requirements
        if r.marker is None or r.marker.evaluate(place)
    }


def env_faults(text: str, needed: set[str], lock: str) -> list[str]:
    """What is wrong with an environment whose rules need these packages."""
    versions, faults = read_env(text)
    locked = read_lock(lock, versions.get("python") or "3.11")
    faults += [f"{name} is imported and missing" for name in sorted(needed - set(versions))]
    for name, version in versions.items():
        if name not in needed | NOT_IMPORTED:
            faults.append(f"{name} is not imported by any of its rules")
        if name in locked and version != locked[name]:
            faults.append(f"{name} is {version or 'not pinned'}, the lock has {locked[name]}")
        elif version is None and name != "pip":
            faults.append(f"{name} is not pinned to a version")
    return faults


def check_envs(root: Path) -> list[str]:
    """All faults, one line each."""
    needed, faults = {}, []
    for smk in sorted(root.glob("workflow/rules/*.smk")):
        for rule, (script, env) in rules_of(smk.read_text()).items():
            if not script and not env:
                continue  # a target, which runs nothing
            path = env and (smk.parent / env).resolve()
            if not script or not path or not path.is_file():
                faults.append(f"{smk.name}: rule {rule}: script {script}, conda {env}: not there")
            else:
                packages = packages_of(modules_of((smk.parent / script).resolve()))
                needed.setdefault(path, set()).update(packages)
    for path in sorted(root.glob("envs/*.yaml")):
        lock = (root / "envs/cpu.lock.txt").read_text()
        found = (
            env_faults(path.read_text(), needed[path], lock)
            if path in needed
            else ["no rule uses it"]
        )
        faults += [f"envs/{path.name}: {fault}" for fault in found]
    return faults


if __name__ == "__main__":
    faults = check_envs(ROOT)
    print("\n".join(faults) or "envs/*.yaml: as the scripts and the lock need them")
    sys.exit(bool(faults))
