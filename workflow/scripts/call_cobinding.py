"""Tell whose motifs are in whose peaks: all experiments against all motifs of the catalogue."""

from collections.abc import Mapping, Sequence

import pandas as pd
from peaks2motifs.core.joblog import joblog
from peaks2motifs.core.tables import read_tsv, write_tsv
from peaks2motifs.data.encode import fill_factors
from peaks2motifs.motifs.cobinding import call_pairs
from peaks2motifs.pages.heatmap import draw_heatmap

COLUMNS = ["motif", "name", "experiment", "factor", "found_in", "auroc", "auroc_se", "peaks_share"]
COLUMNS += ["background_share", "peaks", "background", "enrichment_p", "q", "call", "similar_to"]
NAMED = 3  # experiments, in the column found_in


def call_cobinding(
    experiments: Sequence[str],
    factors: Sequence[str | None],
    hits: Sequence[str],
    catalogue: str,
    members: str,
    similarity: str,
    output: Mapping[str, str],
) -> None:
    """Write cobinding.tsv, the heat map of AUROCs, and catalogue.tsv with those of matrices.

    cobinding.tsv has a row for each pair: those where the motif was found, which have no q, then
    the others, best q first. heatmap.tsv has a row for each experiment and a column for each motif,
    in the order of the figure. `hits` are the experiments' catalogue_hits.tsv, `catalogue` is that
    of build_catalogue; `output` names the results table, heatmap, svg, png and catalogue.
    """
    tables = [
        read_tsv(path).assign(experiment=experiment, factor=factor)
        for experiment, factor, path in zip(experiments, factors, hits, strict=True)
    ]
    known, own = read_tsv(catalogue).set_index("motif"), read_tsv(members)
    found = own.groupby("motif")["experiment"].unique().map(name_some)
    related = read_tsv(similarity).groupby("motif")["other"].agg(list).to_dict()
    pairs = call_pairs(
        pd.concat(tables, ignore_index=True),
        set(zip(own["motif"], own["experiment"], strict=True)),
        related,
    ).assign(name=lambda t: t["motif"].map(known["name"]))
    pairs["found_in"] = pairs["motif"].map(found)
    for kind in ("peaks", "background"):
        pairs[f"{kind}_share"] = pairs[f"{kind}_hit"] / pairs[kind]
    pairs = pairs.sort_values(["q", "auroc"], ascending=[True, False], na_position="first")
    write_tsv(pairs[COLUMNS], output["table"])
    write_tsv(known.join(best_scans(pairs)).reset_index(), output["catalogue"])
    write_heatmap(pairs, experiments, known["name"].fillna(""), output)
    print(pairs["call"].value_counts().to_dict())


def name_some(names: Sequence[str]) -> str:
    """The first names of a list that may be long, and how many more."""
    others = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {others} more" if others > 0 else "")


def best_scans(pairs: pd.DataFrame) -> pd.DataFrame:
    """The best AUROC of each motif's matrix, by motif, of the experiments where it was found."""
    here = pairs[pairs["call"] == "found"].sort_values("auroc", ascending=False, kind="stable")
    best = here.drop_duplicates("motif").set_index("motif")[["auroc", "auroc_se", "experiment"]]
    return best.add_prefix("matrix_")


def write_heatmap(
    pairs: pd.DataFrame, experiments: Sequence[str], names: pd.Series, output: Mapping[str, str]
) -> None:
    """Write the AUROCs of all pairs as table and figure; `names` has those of the motifs."""
    pairs = pairs.assign(own=pairs["call"] == "found")
    areas, own = (
        pairs.pivot(index="experiment", columns="motif", values=value).reindex(
            index=list(experiments), columns=names.index
        )
        for value in ("auroc", "own")
    )
    shown = areas.rename(columns=lambda motif: f"{motif} {names[motif]}".strip())
    rows, columns = draw_heatmap(shown, own.to_numpy(bool), [output["svg"], output["png"]])
    write_tsv(areas.iloc[rows, columns].reset_index(), output["heatmap"])


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
