# One leg: files that sheet and config name by address or by accession of the ENCODE portal, fetched once.
#
# Not by Snakemake's storage plugins: measured, they ask every server on every run before any job starts,
# take whatever came for the file (half of it, a web page), know no checksum, do not go on where a
# download stopped, and drop the copy after each job. Here nothing is asked while rules are read, and a
# run whose files are there needs no network; compute nodes never do. Downloads are kept in
# resources/inputs/, which `--delete-all-output` and `rm -r results` leave alone; outputs are links to them.


rule fetch_input:
    output:
        f"{INPUTS}/{{fetched}}",
    log:
        "logs/inputs/{fetched}.log",
    benchmark:
        "benchmarks/inputs/{fetched}.tsv"
    wildcard_constraints:
        fetched=one_of(ADDRESSED),
    priority: BEFORE_TRAINING
    localrule: True
    conda:
        "../../envs/fetch.yaml"
    resources:
        **needs("fetch_input"),
    params:
        code=code("fetch_input.py"),
        address=of_input("address"),
        checksum=of_input("checksum"),
        kept="resources/inputs/{fetched}",
    script:
        "../scripts/fetch_input.py"


rule fetch_encode:
    output:
        file=f"{INPUTS}/encode/{{accession}}",
        record=f"{INPUTS}/encode/{{accession}}.json",
    log:
        "logs/inputs/encode/{accession}.log",
    benchmark:
        "benchmarks/inputs/encode/{accession}.tsv"
    wildcard_constraints:
        accession=one_of(RECORDS),
    priority: BEFORE_TRAINING
    localrule: True
    conda:
        "../../envs/fetch.yaml"
    resources:
        **needs("fetch_encode"),
    params:
        code=code("fetch_encode.py"),
        portal=addresses.mirrored(addresses.PORTAL, config["fetch"]["mirrors"]),
        kind=of_accession("kind"),
        assembly=of_accession("assembly"),
        kept="resources/inputs/encode/{accession}",
    script:
        "../scripts/fetch_encode.py"
