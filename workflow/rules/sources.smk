# Files that sheet and config name by address or accession: where they lie once they are fetched.

SOURCES = library("addresses")
FETCHED = {}  # of each file that is fetched, by path: source, and what ENCODE's must be
# What a genome's files are, in ENCODE's words.
GENOME_FILES = {"fasta": "fasta", "blacklist": "bed", "aliases": ""}


def at_hand(text, where="config", kind="", assembly=""):
    """The path of a file named in sheet or config: its own, or where it is fetched to.

    `kind` and `assembly` are what a file of the ENCODE portal must be, empty for any.
    """
    if not SOURCES.is_remote(text):
        return text
    try:
        path = SOURCES.local_path(text)
    except ValueError as error:
        refuse(f"{where}: {error}")
    known = FETCHED.setdefault(path, {"source": text, "kind": "", "assembly": ""})
    for key, value in {"kind": kind, "assembly": assembly}.items():
        if SOURCES.is_accession(text) and value and known[key] not in ("", value):
            refuse(f"{where}: {text}: {key} {value}, elsewhere it is {known[key]}")
        known[key] = known[key] or value
    return path


def assembly_of(genome):
    """The assembly of a genome: as the config says, or its name."""
    return config["genomes"].get(genome, {}).get("assembly", genome)


def genome_files(genome):
    """The user's files of a genome, by name; blacklist and aliases only when given."""
    given = config["genomes"].get(genome, {})
    where, assembly = f"config: genomes.{genome}", assembly_of(genome)
    return {
        key: at_hand(given[key], f"{where}.{key}", kind, assembly)
        for key, kind in GENOME_FILES.items()
        if key in given
    }


def mirrored(address):
    """The address that is asked in place of another."""
    return SOURCES.mirrored(address, config["fetch"]["mirrors"])


def source_of(wildcards):
    """What the sheet or the config says of a file that is fetched."""
    return FETCHED[f"{SOURCES.FOLDER}/{wildcards.fetched}"]["source"]


def address_of(wildcards):
    """The address to fetch a file from."""
    return mirrored(SOURCES.split_checksum(source_of(wildcards))[0])


def checksum_of(wildcards):
    """The checksum that a fetched file must have, empty when none is given."""
    return SOURCES.split_checksum(source_of(wildcards))[1]


def kind_of(wildcards):
    """The format that a file of the ENCODE portal must have, empty for any."""
    return FETCHED[f"{SOURCES.FOLDER}/encode/{wildcards.accession}"]["kind"]


def assembly_expected(wildcards):
    """The assembly that a file of the ENCODE portal must be of, empty for any."""
    return FETCHED[f"{SOURCES.FOLDER}/encode/{wildcards.accession}"]["assembly"]
