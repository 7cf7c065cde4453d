"""The check of conda environments finds each kind of fault, and none in a sound environment."""

import pytest
from check_envs import check_envs, env_faults, imports_of, packages_of, read_lock, rules_of

LOCK = """\
numpy==2.4.6 ; python_full_version < '3.12' \\
    --hash=sha256:00
numpy==2.5.0 ; python_full_version >= '3.12' \\
    --hash=sha256:11
memelite==0.5.0 \\
    --hash=sha256:22
pywin32==300 ; sys_platform == 'win32' \\
    --hash=sha256:33
"""
ENV = """\
dependencies:
  - python =3.11
  - numpy =2.4.6
  - pip
  - pip:
      - memelite==0.5.0
"""
NEEDED = {"numpy", "memelite"}


def test_sound_environment_has_no_faults():
    assert env_faults(ENV, NEEDED, LOCK) == []


def test_lock_is_read_for_the_environments_python():
    assert read_lock(LOCK, "3.11") == {"numpy": "2.4.6", "memelite": "0.5.0"}
    assert read_lock(LOCK, "3.12")["numpy"] == "2.5.0"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("  - numpy =2.4.6\n", "", "numpy is imported and missing"),
        ("=2.4.6", "=2.4.5", "numpy is 2.4.5, the lock has 2.4.6"),
        ("=2.4.6", ">=2.4.6", "numpy is not pinned, the lock has 2.4.6"),
        ("==0.5.0", ">=0.5.0", "memelite is not pinned, the lock has 0.5.0"),
        ("  - pip\n", "  - pip\n  - wget =1.2\n", "wget is not imported by any of its rules"),
        ("numpy =2.4.6", "numpy =", "unable to parse version spec"),
        ("memelite==0.5.0", "memelite=0.5.0", "Expected"),
    ],
)
def test_each_fault_is_found(old, new, fault):
    assert any(fault in line for line in env_faults(ENV.replace(old, new), NEEDED, LOCK))


def test_imports_inside_functions_count():
    source = "import a.b\n\ndef f():\n    from c import d\n"
    assert imports_of(source) == {"a.b", "c", "c.d"}


def test_packages_have_their_own_names_and_programs():
    assert packages_of({"yaml", "json", "pybedtools"}) == {"pyyaml", "pybedtools", "bedtools"}


def test_rules_are_read_from_the_text():
    text = (
        'rule a:  # why\n    conda:\n        "e.yaml"\n    script:\n        "s.py"\n\n\nrule b:\n'
    )
    assert rules_of(text) == {"a": ("s.py", "e.yaml"), "b": (None, None)}


def test_imports_are_followed_through_the_library(tmp_path):
    for path, text in {
        "workflow/rules/x.smk": (
            'rule x:\n    conda:\n        "../../envs/x.yaml"\n'
            '    script:\n        "../scripts/x.py"\n'
        ),
        "workflow/scripts/x.py": "from peaks2motifs.one import f\n",
        "workflow/scripts/peaks2motifs/one.py": "from peaks2motifs import two\n",
        "workflow/scripts/peaks2motifs/two.py": "import memelite\n",
        "envs/x.yaml": ENV,
        "envs/y.yaml": ENV,
        "envs/cpu.lock.txt": LOCK,
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    assert check_envs(tmp_path) == [
        "envs/x.yaml: numpy is not imported by any of its rules",
        "envs/y.yaml: no rule uses it",
    ]


def test_a_missing_environment_file_is_named(tmp_path):
    (tmp_path / "workflow/rules").mkdir(parents=True)
    smk = 'rule x:\n    conda:\n        "../../envs/x.yaml"\n    script:\n        "../x.py"\n'
    (tmp_path / "workflow/rules/x.smk").write_text(smk)
    (fault,) = check_envs(tmp_path)
    assert fault == "x.smk: rule x: script ../x.py, conda ../../envs/x.yaml: not there"
