"""Call co-binding: all motifs of the catalogue in the peaks of all experiments."""

from collections.abc import Mapping, Sequence

import pandas as pd
from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.tables import read_tsv, write_tsv
from peaks2motifs.data.encode import fill_factors
from peaks2motifs.motifs.cobinding import call_pairs
from peaks2motifs.pages.heatmap import draw_heatmap

COLUMNS = ["motif", "name", "experiment", "factor", "found_in", "auroc", "auroc_se", "peaks_share"]
COLUMNS += ["background_share", "peaks", "background", "enrichment_p", "q", "call", "similar_to"]
MAX_NAMES = 3  # experiments that the column found_in lists


def call_cobinding(
    experiments: Sequence[str],
    factors: Sequence[str | None],
    hits: Sequence[str],
    catalogue: str,
    members: str,
    similarity: str,
    output: Mapping[str, str],
) -> None:
    """Write cobinding.tsv, the heat map of AUROCs, and catalogue.tsv with the AUROCs of matrices.

    cobinding.tsv has a row for each pair of a motif and an experiment. Pairs where the motif was
    found have no q and come first; the others are sorted by q. heatmap.tsv has a row for each
    experiment and a column for each motif, in the order of the figure. `hits` are the
    catalogue_hits.tsv of the experiments. `catalogue`, `members` and `similarity` are tables of
    build_catalogue. `output` holds the paths table, heatmap, svg, png and catalogue.
    """
    tables = [
        read_tsv(path).assign(experiment=experiment, factor=factor)
        for experiment, factor, path in zip(experiments, factors, hits, strict=True)
    ]
    motifs, families = read_tsv(catalogue).set_index("motif"), read_tsv(members)
    similar = read_tsv(similarity).groupby("motif")["other"].agg(list).to_dict()
    found = set(zip(families["motif"], families["experiment"], strict=True))
    pairs = call_pairs(pd.concat(tables, ignore_index=True), found, similar)
    pairs["name"] = pairs["motif"].map(motifs["name"])
    found_in = families.groupby("motif")["experiment"].unique().map(shorten_list)
    pairs["found_in"] = pairs["motif"].map(found_in)
    for kind in ("peaks", "background"):
        pairs[f"{kind}_share"] = pairs[f"{kind}_hit"] / pairs[kind]
    pairs = pairs.sort_values(["q", "auroc"], ascending=[True, False], na_position="first")
    write_tsv(pairs[COLUMNS], output["table"])
    write_tsv(motifs.join(best_matrix_aurocs(pairs)).reset_index(), output["catalogue"])
    write_heatmap(pairs, experiments, motifs["name"].fillna(""), output)
    print(pairs["call"].value_counts().to_dict())


def shorten_list(names: Sequence[str]) -> str:
    """Write the first `MAX_NAMES` names of a list, and the number of the others."""
    others = len(names) - MAX_NAMES
    return ", ".join(names[:MAX_NAMES]) + (f" and {others} more" if others > 0 else "")


def best_matrix_aurocs(pairs: pd.DataFrame) -> pd.DataFrame:
    """Find the best AUROC of each motif's matrix among the experiments where it was found."""
    found = pairs[pairs["call"] == "found"].sort_values("auroc", ascending=False, kind="stable")
    best = found.drop_duplicates("motif").set_index("motif")[["auroc", "auroc_se", "experiment"]]
    return best.add_prefix("matrix_")


def write_heatmap(
    pairs: pd.DataFrame, experiments: Sequence[str], names: pd.Series, output: Mapping[str, str]
) -> None:
    """Write the AUROCs of all pairs as table and figure; `names` holds the names of the motifs."""
    pairs = pairs.assign(found=pairs["call"] == "found")
    aurocs, is_found = (
        pairs.pivot(index="experiment", columns="motif", values=value).reindex(
            index=list(experiments), columns=names.index
        )
        for value in ("auroc", "found")
    )
    labelled = aurocs.rename(columns=lambda motif: f"{motif} {names[motif]}".strip())
    rows, columns = draw_heatmap(labelled, is_found.to_numpy(bool), [output["svg"], output["png"]])
    write_tsv(aurocs.iloc[rows, columns].reset_index(), output["heatmap"])


if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        call_cobinding(
            experiments=snakemake.params.experiments,
            factors=fill_factors(snakemake.params.factors, snakemake.input.records),
            hits=snakemake.input.hits,
            catalogue=snakemake.input.catalogue,
            members=snakemake.input.members,
            similarity=snakemake.input.similarity,
            output=dict(snakemake.output.items()),
        )
