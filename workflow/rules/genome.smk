# One leg: each genome made ready once for all experiments; the motif database for their names.


rule prepare_genome:
    input:
        unpack(genome_sources),
    output:
        fasta="results/genomes/{genome}/genome.fa",
        fai="results/genomes/{genome}/genome.fa.fai",
        sha256="results/genomes/{genome}/genome.sha256",
        blacklist="results/genomes/{genome}/blacklist.bed",
    log:
        "logs/genomes/{genome}/prepare_genome.log",
    benchmark:
        "benchmarks/genomes/{genome}/prepare_genome.tsv"
    priority: BEFORE_TRAINING
    conda:
        "../../envs/windows.yaml"
    resources:
        **needs("prepare_genome"),
    params:
        code=code("prepare_genome.py"),
    script:
        "../scripts/prepare_genome.py"


rule prepare_database:
    input:
        database_files(),
    output:
        "results/databases/motifs.meme",
    log:
        "logs/databases/prepare_database.log",
    benchmark:
        "benchmarks/databases/prepare_database.tsv"
    priority: BEFORE_TRAINING
    conda:
        "../../envs/motifs.yaml"
    resources:
        **needs("prepare_database"),
    params:
        code=code("prepare_database.py"),
        sources=DATABASES,
        release=config["names"]["release"],
        collection=config["names"]["collection"],
        taxa=config["names"]["taxa"],
    script:
        "../scripts/prepare_database.py"
