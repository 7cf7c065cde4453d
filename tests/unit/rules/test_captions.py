"""Captions of `snakemake --report`: those that rules name are there, and no others."""

import re

from docutils.core import publish_parts
from paths import ROOT


def test_captions_are_there_named_and_valid():
    rules = [path.read_text() for path in ROOT.glob("workflow/rules/*.smk")]
    named = set(re.findall(r'caption="\.\./report/(\w+\.rst)"', "\n".join(rules)))
    there = {path.name for path in ROOT.glob("workflow/report/*.rst")}
    assert named | {"workflow.rst"} == there
    strict = {"halt_level": 2, "report_level": 2, "warning_stream": False}
    for name in there:
        text = (ROOT / "workflow/report" / name).read_text()
        assert publish_parts(text, writer="html", settings_overrides=strict)["body"]
