"""Prepare a genome: plain FASTA, index, checksum, and a blacklist with its chromosome names."""

import gzip
import os
import shutil
from pathlib import Path

import pandas as pd
from peaks2motifs.core.compression import is_gzip, refuse_broken_gzip
from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.tables import write_bed, write_text
from peaks2motifs.data.chromosomes import first_names
from peaks2motifs.data.fasta import refuse_other_than_fasta
from peaks2motifs.data.genome import chrom_sizes, index_fasta, rename_chromosomes, sha256
from peaks2motifs.data.intervals import BED3, clip, merge, read_intervals


def prepare_genome(
    source: str,
    fasta: str,
    checksum: str,
    blacklist_source: str | None,
    blacklist: str,
    aliases: str | None,
) -> None:
    """Write the genome as indexed plain FASTA, its SHA-256, and its blacklist.

    The index is `fasta`.fai. Without a blacklist, an empty file is written.
    """
    unpack_fasta(source, fasta)
    index_fasta(fasta, source)
    write_text(sha256(fasta) + "\n", checksum)
    sizes = chrom_sizes(fasta)
    print(f"{source}: {len(sizes)} sequences, {sizes.sum()} bases: {first_names(sizes.index)}")
    if blacklist_source is None:
        write_text("", blacklist)
    else:
        write_bed(adapt_blacklist(blacklist_source, fasta, aliases), blacklist)


def unpack_fasta(source: str, target: str) -> None:
    """Decompress the gzip or bgzip file `source`, or link to it if it is plain text."""
    Path(target).unlink(missing_ok=True)
    compressed = is_gzip(source)
    opener = gzip.open if compressed else open
    with refuse_broken_gzip(source), opener(source, "rb") as handle:
        first = handle.read(1)
        refuse_other_than_fasta(first.decode(errors="replace"), source)
        if not compressed:
            os.symlink(os.path.realpath(source), target)
            return
        with open(target, "wb") as plain:
            plain.write(first)
            shutil.copyfileobj(handle, plain, 1 << 20)


def adapt_blacklist(source: str, fasta: str, aliases: str | None) -> pd.DataFrame:
    """Read a blacklist, rename its chromosomes to the genome's, clip, sort and merge it."""
    table = read_intervals(source)
    if table.empty:
        print(f"WARNING: {source}: no intervals in it")
        return table[BED3]
    names = rename_chromosomes(table, fasta, aliases, source, least=0)
    print(names.rename(columns={"peaks": "intervals"}).to_string(index=False, na_rep=""))
    mapped = table.dropna(subset="chrom")
    print(f"{source}: {len(table) - len(mapped)} of {len(table)} intervals on unknown chromosomes")
    return merge(clip(mapped, chrom_sizes(fasta)), f"{fasta}.fai")


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        prepare_genome(
            source=snakemake.input.fasta,
            fasta=snakemake.output.fasta,
            checksum=snakemake.output.sha256,
            blacklist_source=snakemake.input.get("blacklist"),
            blacklist=snakemake.output.blacklist,
            aliases=snakemake.input.get("aliases"),
        )
