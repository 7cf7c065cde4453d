"""The table of contents lists every rule file once; rule files say what they are."""

import re

from paths import ROOT

RULES = {path.stem: path.read_text() for path in ROOT.glob("workflow/rules/*.smk")}
SNAKEFILE = (ROOT / "Snakefile").read_text()


def test_every_rule_file_is_included_once_and_explained():
    included = re.findall(r'^include: "workflow/rules/(\w+)\.smk"  # .+$', SNAKEFILE, re.MULTILINE)
    assert sorted(included) == sorted(RULES)


def test_the_snakefile_has_no_functions():
    assert not re.search(r"\b(def|lambda)\b", SNAKEFILE)


def test_a_rule_file_says_in_its_first_line_what_it_is():
    assert [name for name, text in RULES.items() if not text.startswith("# ")] == []


def test_only_the_checks_file_catches_errors():
    assert [name for name, text in RULES.items() if re.search(r"\bexcept\b", text)] == ["check"]


def test_priorities_put_bad_inputs_first_and_finish_what_is_trained():
    """Each rule of an experiment after training comes before the next training."""
    priority = {
        rule: dict(re.findall(r"^    (priority|conda): ?(\w*)", text, re.MULTILINE)).get("priority")
        for name in ("dataset", "model", "motifs", "pictures", "report")
        for rule, text in re.findall(r"^rule (\w+):((?:\n(?: .*)?)*)", RULES[name], re.MULTILINE)
        if "logs/{experiment}/" in text
    }
    before = {"prepare_peaks", "import_sequences", "assign_splits", "join_peaks"}
    neither = {"train_model", "sample_background", "sample_others", "build_dataset"}
    assert {rule for rule in priority if priority[rule] == "BEFORE_TRAINING"} == before
    assert {rule for rule in priority if priority[rule] is None} == neither
