import zipfile
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import helper

from compression.errors import UsageError
from compression.measurement.graph import download_size
from compression.measurement.graph.download_size import download_bytes
from tests.measurement.conftest import save


@pytest.fixture
def regular_file(tmp_path: Path) -> Path:
    """Half a megabyte of weights with few different values, which the levels of deflate pack differently well."""
    nodes = [helper.make_node("Flatten", ["images"], ["flat"]), helper.make_node("MatMul", ["flat", "w"], ["logits"])]
    few = np.random.default_rng(0).integers(0, 8, (64, 2000)).astype(np.float32)
    return save(tmp_path / "regular.onnx", nodes, {"w": few})


def test_it_is_what_a_zip_archive_takes_for_the_file(regular_file: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "app.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        archive.write(regular_file)
        entry = archive.infolist()[0]
    assert download_bytes(regular_file) == entry.compress_size < regular_file.stat().st_size / 4


def test_reading_it_in_pieces_changes_nothing(regular_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = download_bytes(regular_file)
    monkeypatch.setattr(download_size, "CHUNK_BYTES", 1000)
    assert download_bytes(regular_file) == whole


def test_external_data_is_part_of_the_download(regular_file: Path, tmp_path: Path) -> None:
    whole = download_bytes(regular_file)
    model = onnx.load(regular_file)
    onnx.save(model, tmp_path / "split.onnx", save_as_external_data=True, location="split.data", size_threshold=0)
    assert download_bytes(tmp_path / "split.onnx") == pytest.approx(whole, rel=0.3)
    (tmp_path / "split.data").unlink()
    with pytest.raises(UsageError, match=r"split\.data"):
        download_bytes(tmp_path / "split.onnx")
