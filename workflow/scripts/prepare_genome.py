"""One genome made ready: plain FASTA, index, checksum, and a blacklist in its own names."""

import gzip
import os
import shutil
import zlib
from pathlib import Path

import pandas as pd
from peaks2motifs.core.joblog import InputError, joblog
from peaks2motifs.core.tables import write_bed, write_text
from peaks2motifs.data.chromosomes import count_chromosomes, first_names, read_aliases
from peaks2motifs.data.genome import (
    chrom_sizes,
    described_chromosomes,
    index_fasta,
    sha256,
)
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

    The index lies beside the FASTA, at `fasta`.fai. Without a blacklist an empty file is written.
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
    """Write the gzip or bgzip file `source` as plain text, or link to it when it is plain."""
    Path(target).unlink(missing_ok=True)
    with open(source, "rb") as handle:
        is_gzip = handle.read(2) == b"\x1f\x8b"
    with gzip.open(source) if is_gzip else open(source, "rb") as handle:
        try:
            first = handle.read(1)
            if first != b">":
                found = f"starts with {first.decode(errors='replace')!r}" if first else "is empty"
                raise InputError(f"{source}: {found}, expected FASTA: a first line '>name'")
            if not is_gzip:
                os.symlink(os.path.realpath(source), target)
                return
            with open(target, "wb") as plain:
                plain.write(first)
                shutil.copyfileobj(handle, plain, 1 << 20)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise InputError(f"{source}: broken or truncated gzip file: {error}") from None


def adapt_blacklist(source: str, fasta: str, aliases: str | None) -> pd.DataFrame:
    """Read a blacklist into the genome's own names, clipped to its ends, sorted and merged."""
    table = read_intervals(source)
    if table.empty:
        print(f"WARNING: {source}: no intervals in it")
        return table[BED3]
    sizes = chrom_sizes(fasta)
    names = count_chromosomes(
        table["chrom"],
        sizes.index,
        read_aliases(aliases) if aliases else None,
        described_chromosomes(fasta),
        source=source,
        least=0,
    )
    print(names.rename(columns={"peaks": "intervals"}).to_string(index=False, na_rep=""))
    table["chrom"] = table["chrom"].map(names.set_index("peaks_name")["genome_name"])
    known = table.dropna(subset="chrom")
    print(f"{source}: {len(table) - len(known)} of {len(table)} intervals on unknown chromosomes")
    return merge(clip(known, sizes), f"{fasta}.fai")


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
