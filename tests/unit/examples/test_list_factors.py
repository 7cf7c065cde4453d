"""The sample sheet of the large yeast example, from a listing as GitHub gives it."""

import importlib.util
import json

from paths import ROOT


def load():
    path = ROOT / "config/examples/yeast-400/list_factors.py"
    spec = importlib.util.spec_from_file_location("list_factors", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_row_for_every_file_with_enough_peaks(tmp_path):
    sizes = {"Reb1_CX.bed": 48652, "Kti12_CX.bed": 0, "12872_PUT3_chexmix_filtered_new.bed": 9000}
    sizes["CTDSer2_CX.bed"] = 9000
    sizes["00_README_ChExMix_locations.rtf"] = 9000
    files = [{"name": n, "size": s, "download_url": f"https://a.org/{n}"} for n, s in sizes.items()]
    (tmp_path / "listing").write_text(json.dumps(files))
    load().list_factors(f"file://{tmp_path}/listing", tmp_path / "sheet.tsv")
    assert (tmp_path / "sheet.tsv").read_text().splitlines() == [
        "experiment\tpeaks\tgenome\tfactor",
        "CTDSer2\thttps://a.org/CTDSer2_CX.bed\tsacCer3\tCTDSer2",
        "Put3\thttps://a.org/12872_PUT3_chexmix_filtered_new.bed\tsacCer3\tPut3",
        "Reb1\thttps://a.org/Reb1_CX.bed\tsacCer3\tReb1",
    ]
