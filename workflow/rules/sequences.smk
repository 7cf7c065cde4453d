# One leg: sequences that come with labels, in HDF5 or text, to dataset.h5.


rule import_sequences:
    input:
        unpack(sequences_of),
    output:
        dataset="results/{experiment}/dataset.h5",
        qc=report(
            "results/{experiment}/sequences.qc.tsv",
            caption="../report/sequences.rst",
            category="Data",
            subcategory="{experiment}",
            labels={"table": "sequences kept and dropped"},
        ),
    log:
        "logs/{experiment}/import_sequences.log",
    benchmark:
        "benchmarks/{experiment}/import_sequences.tsv"
    wildcard_constraints:
        experiment=one_of(SEQUENCE_ROWS),
    priority: 10  # bad files are found before the first network is trained
    conda:
        "../../envs/windows.yaml"
    resources:
        **needs("import_sequences"),
    params:
        code=code("import_sequences.py"),
        classes=classes_of,
        options=config["sequences"],
        task=given_task,
        compression=config["dataset"]["compression"],
        seed=config["seed"],
        config_digest=SEQUENCES_DIGEST,
        experiment="{experiment}",
    script:
        "../scripts/import_sequences.py"
