# One leg: peak files to windows, splits, background and dataset.h5; or labelled sequences, in HDF5 or
# text, to dataset.h5.

DATASET_DIGEST = digest_of("windows", "splits", "background", "dataset", "seed")
SEQUENCES_DIGEST = digest_of("sequences", "dataset", "seed")


rule prepare_peaks:
    input:
        unpack(genome_of),
        peaks=peaks_of,
    output:
        peaks="results/{experiment}/peaks.bed",
        regions="results/{experiment}/regions.bed",
        qc=report(
            "results/{experiment}/peaks.qc.tsv",
            caption="../report/peaks.rst",
            category="Data",
            subcategory="{experiment}",
            labels={"table": "peaks kept and dropped"},
        ),
        chromosomes="results/{experiment}/chromosomes.tsv",
    log:
        "logs/{experiment}/prepare_peaks.log",
    benchmark:
        "benchmarks/{experiment}/prepare_peaks.tsv"
    wildcard_constraints:
        experiment=one_of(PEAK_ROWS),
    priority: BEFORE_TRAINING
    conda:
        "../../envs/windows.yaml"
    resources:
        **needs("prepare_peaks"),
    params:
        code=code("prepare_peaks.py"),
        length=config["windows"]["length"],
        max_peaks=config["windows"]["max_peaks"],
        max_overlap=config["windows"]["max_overlap"],
        max_n_fraction=config["windows"]["max_n_fraction"],
    script:
        "../scripts/prepare_peaks.py"


rule join_peaks:
    input:
        unpack(genome_of),
        peaks=of_experiments("peaks.bed"),
        regions=of_experiments("regions.bed"),
        chromosomes=of_experiments("chromosomes.tsv"),
    output:
        peaks="results/{experiment}/peaks.bed",
        regions="results/{experiment}/regions.bed",
        qc=report(
            "results/{experiment}/peaks.qc.tsv",
            caption="../report/peaks.rst",
            category="Data",
            subcategory="{experiment}",
            labels={"table": "peaks kept and dropped"},
        ),
        chromosomes="results/{experiment}/chromosomes.tsv",
        labels="results/{experiment}/labels.h5",
    log:
        "logs/{experiment}/join_peaks.log",
    benchmark:
        "benchmarks/{experiment}/join_peaks.tsv"
    wildcard_constraints:
        experiment=one_of(JOINT),
    priority: BEFORE_TRAINING
    conda:
        "../../envs/windows.yaml"
    resources:
        **needs("join_peaks"),
    params:
        code=code("join_peaks.py"),
        experiments=classes_of,
        task=joint_task,
    script:
        "../scripts/join_peaks.py"


rule assign_splits:
    input:
        unpack(genome_of),
        peaks="results/{experiment}/peaks.bed",
    output:
        "results/{experiment}/splits.bed",
    log:
        "logs/{experiment}/assign_splits.log",
    benchmark:
        "benchmarks/{experiment}/assign_splits.tsv"
    priority: BEFORE_TRAINING
    conda:
        "../../envs/windows.yaml"
    resources:
        **needs("assign_splits"),
    params:
        code=code("assign_splits.py"),
        strategy=config["splits"]["strategy"],
        valid=config["splits"]["valid"],
        test=config["splits"]["test"],
        seed=config["seed"],
    script:
        "../scripts/assign_splits.py"


rule sample_background:
    input:
        unpack(genome_of),
        peaks="results/{experiment}/peaks.bed",
        regions="results/{experiment}/regions.bed",
        splits="results/{experiment}/splits.bed",
        background=background_of,
        pool=pool_of,
        others=background_peaks,
    output:
        background="results/{experiment}/background.bed",
        qc=report(
            "results/{experiment}/background.qc.tsv",
            caption="../report/background.rst",
            category="Data",
            subcategory="{experiment}",
            labels={"table": "proof of the background"},
        ),
    log:
        "logs/{experiment}/sample_background.log",
    benchmark:
        "benchmarks/{experiment}/sample_background.tsv"
    conda:
        "../../envs/windows.yaml"
    resources:
        **needs("sample_background"),
    params:
        code=code("sample_background.py"),
        shares=shares_of,
        others=background_experiments,
        gc_tolerance=config["background"]["gc_tolerance"],
        distance=distance_of,
        min_found=config["background"]["min_found"],
        seed=config["seed"],
    script:
        "../scripts/sample_background.py"


rule sample_others:
    input:
        unpack(genome_of),
        peaks="results/{experiment}/peaks.bed",
        regions="results/{experiment}/regions.bed",
        splits="results/{experiment}/splits.bed",
        others=contrast_peaks,
    output:
        others="results/{experiment}/others.bed",
        qc=report(
            "results/{experiment}/others.qc.tsv",
            caption="../report/others.rst",
            category="Data",
            subcategory="{experiment}",
            labels={"table": "proof of the windows at other peaks"},
        ),
    log:
        "logs/{experiment}/sample_others.log",
    benchmark:
        "benchmarks/{experiment}/sample_others.tsv"
    wildcard_constraints:
        experiment=one_of(CONTRASTED),
    conda:
        "../../envs/windows.yaml"
    resources:
        **needs("sample_others"),
    params:
        code=code("sample_others.py"),
        others=contrast_experiments,
        ratio=BACKGROUND["others"],
        gc_tolerance=BACKGROUND["gc_tolerance"],
        distance=BACKGROUND["distance"],
        seed=config["seed"],
    script:
        "../scripts/sample_others.py"


rule build_dataset:
    input:
        unpack(genome_of),
        peaks="results/{experiment}/peaks.bed",
        background="results/{experiment}/background.bed",
        splits="results/{experiment}/splits.bed",
        labels=labels_of,
        others=others_bed,
    output:
        "results/{experiment}/dataset.h5",
    log:
        "logs/{experiment}/build_dataset.log",
    benchmark:
        "benchmarks/{experiment}/build_dataset.tsv"
    wildcard_constraints:
        experiment=one_of([*PEAK_ROWS, *JOINT]),
    conda:
        "../../envs/windows.yaml"
    resources:
        **needs("build_dataset"),
    params:
        code=code("build_dataset.py"),
        experiment="{experiment}",
        task=joint_task,
        classes=classes_of,
        strategy=strategy_of,
        compression=config["dataset"]["compression"],
        seed=config["seed"],
        config_digest=DATASET_DIGEST,
    script:
        "../scripts/build_dataset.py"


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
    priority: BEFORE_TRAINING
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
