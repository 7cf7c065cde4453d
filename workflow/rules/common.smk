# What all rules share: digests of code and options, the command line, the way to the library.

import ast
import hashlib
import json
import os
import re
import sys
from functools import cache
from pathlib import Path


@cache
def read_code(path):
    """The text of a script or library module, and the files of the library that it imports."""
    text = Path(path).read_text()
    imports = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)]
    names = {f"{node.module}.{alias.name}" for node in imports for alias in node.names}
    # `from peaks2motifs.room.module import f` and `from peaks2motifs.room import module` alike
    modules = {tuple(name.split(".")[1:3]) for name in names if name.startswith("peaks2motifs.")}
    files = {f"peaks2motifs/{room}/{module}.py" for room, module in modules}
    return text, sorted(files | {f"peaks2motifs/{room}/__init__.py" for room, _ in modules})


def code(script):
    """Digest the content of a script and of the library modules it imports, directly or not.

    Snakemake does not see edits to imported files; as a parameter of its rule, this makes them
    rerun what they touch and nothing else. `source_path` also delivers the files when the workflow
    is a remote module.
    """
    files, digest = [script, "peaks2motifs/__init__.py"], hashlib.sha256()
    for name in files:
        text, imports = read_code(workflow.source_path(f"../scripts/{name}"))
        digest.update(text.encode())
        files += [file for file in imports if file not in files]
    return digest.hexdigest()[:12]


def open_library(script):
    """Let Snakemake's own process import a script and the modules of the library that it uses.

    Modules imported before are dropped. A Snakefile may load this workflow twice, in two versions,
    and each instance needs its own.
    """
    code(script)  # delivers the files
    own = ("peaks2motifs", Path(script).stem)
    for name in [name for name in sys.modules if name.partition(".")[0] in own]:
        del sys.modules[name]
    library = Path(workflow.source_path("../scripts/peaks2motifs/__init__.py")).parent
    sys.path.insert(0, str(library.parent))


def digest_of(*sections):
    """Digest the named sections of the options."""
    text = json.dumps([config[section] for section in sections], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def refuse(message):
    """End Snakemake with one line; an exception would add a traceback of rule files."""
    sys.exit(f"ERROR: {message}")


def one_of(names):
    """The regular expression of a wildcard that is one of these names."""
    return "|".join(map(re.escape, names)) or "(?!)"


def command(*targets, add=None):
    """The command line for results or targets, run in the same folder, with a config to add."""
    files = [os.path.relpath(path) for path in workflow.overwrite_configfiles]
    if add and add not in files:
        files = [*(files or ["config/config.yaml"]), add]
    return " ".join(["snakemake", *targets, *(["--configfile", *files] if files else [])])


VERSION = re.search(
    r'^version = "(.+)"',
    Path(workflow.source_path("../../pyproject.toml")).read_text(),
    re.MULTILINE,
)[1]
COMMAND = command()
