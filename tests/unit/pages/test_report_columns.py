"""Columns of the tables of a report: cells, errors, and what each means."""

import numpy as np
from made_experiment import report
from made_html import cells_of
from markupsafe import escape
from peaks2motifs.core.tables import read_tsv
from peaks2motifs.pages.numbers import words
from peaks2motifs.pages.report_columns import (
    ABLATION,
    FAMILY_COLUMNS,
    KERNEL_COLUMNS,
    columns_present,
    sort_key,
    write_cell,
)
from peaks2motifs.pages.report_sections import STATUS_MEANING


def test_columns_that_a_table_lacks_are_left_out_and_errors_stand_beside_their_number():
    row = {"test_auroc": 0.8, "test_auroc_se": 0.0123, "importance": np.nan}
    columns = columns_present(KERNEL_COLUMNS, row)
    assert [column.name for column in columns] == ["test_auroc", "importance"]
    error = '<span class="error"> ± {}</span>'
    cells = [write_cell(column, row) for column in columns]
    assert cells == ["0.800" + error.format("0.012"), "–"]
    assert [sort_key(column, row) for column in columns] == [0.8, ""]
    assert write_cell(columns[0], row | {"test_auroc_se": np.nan}) == "0.800"
    lost = {"ablation": 0.02, "ablation_se": 0.01}
    assert write_cell(ABLATION, lost) == "0.020" + error.format("0.010")
    assert write_cell(ABLATION, lost | {"ablation": 0.009}) == ABLATION.below_error != ""
    (networks,) = columns_present(FAMILY_COLUMNS, ["replicates"])
    assert write_cell(networks, {"replicates": 2, "networks": 3}) == "2 of 3"


def test_report_explains_each_column_and_status(experiment):
    page = report(experiment)
    families, kernels = (read_tsv(experiment / f"{name}.tsv") for name in ("families", "kernels"))
    for column in columns_present(FAMILY_COLUMNS, families):
        assert f"<dt>{column.label}</dt><dd>{escape(column.meaning)}</dd>" in page
    for column in columns_present(KERNEL_COLUMNS, kernels):
        assert f'title="{escape(column.meaning)}"' in page
    counts = kernels["status"].value_counts()
    for status, meaning in STATUS_MEANING.items():
        assert cells_of(page, words(status)) == [str(counts.get(status, 0)), meaning]
