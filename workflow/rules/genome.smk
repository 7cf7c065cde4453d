# One leg: each genome made ready once for all experiments; the motif database for their names.


def genome_sources(wildcards):
    """The user's files of a genome, by name; blacklist and aliases only when given."""
    return {name: path for name, path in config["genomes"][wildcards.genome].items() if path}


rule prepare_genome:
    input:
        unpack(genome_sources),
    output:
        fasta="results/genomes/{genome}/genome.fa",
        fai="results/genomes/{genome}/genome.fa.fai",
        sha256="results/genomes/{genome}/genome.sha256",
        blacklist="results/genomes/{genome}/blacklist.bed",
    params:
        code=code("prepare_genome.py"),
    log:
        "logs/genomes/{genome}/prepare_genome.log",
    benchmark:
        "benchmarks/genomes/{genome}/prepare_genome.tsv"
    conda:
        "../../envs/windows.yaml"
    script:
        "../scripts/prepare_genome.py"


def database_source(wildcards):
    """The user's own MEME file of known motifs, or nothing: JASPAR comes with its package."""
    source = config["names"]["database"]
    return [] if source == "jaspar" else [source]


rule prepare_database:
    input:
        database_source,
    output:
        "results/databases/motifs.meme",
    params:
        code=code("prepare_database.py"),
        source=config["names"]["database"],
        release=config["names"]["release"],
        collection=config["names"]["collection"],
        taxa=config["names"]["taxa"],
    log:
        "logs/databases/prepare_database.log",
    benchmark:
        "benchmarks/databases/prepare_database.tsv"
    conda:
        "../../envs/motifs.yaml"
    script:
        "../scripts/prepare_database.py"
