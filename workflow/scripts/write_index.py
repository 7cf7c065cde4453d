"""Write the index of all experiments, a table that the browser sorts and filters."""

from peaks2motifs.core.joblog import joblog
from peaks2motifs.model.training_notes import read_training_notes
from peaks2motifs.pages.index_page import SETTINGS, list_experiments, write_index

if __name__ == "__main__":
    with joblog(snakemake.log[0]):
        write_index(
            experiments=list_experiments(
                snakemake.params.experiments,
                snakemake.params.factors,
                snakemake.params.genomes,
                snakemake.input.records,
                snakemake.input,
            ),
            page=snakemake.output[0],
            templates={name: snakemake.input[name] for name in ("template", "style", "script")},
            settings={name: snakemake.params[name] for name in SETTINGS},
            methods_input={
                "options": snakemake.params.options,
                "study": snakemake.params.study,
                "trained": [read_training_notes(path) for path in snakemake.input.models],
            }
            if snakemake.params.get("study")
            else None,
            model={"name": snakemake.params.model, "metrics": snakemake.input.model}
            if snakemake.params.get("model")
            else None,
        )
