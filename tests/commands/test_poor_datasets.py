"""A dataset with too little of something is refused by the commands too, before any work."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from compression.catalog.cards import DatasetCard
from compression.catalog.examples import Dataset
from compression.commands.measure import measure_and_print
from compression.commands.quantize import quantize
from compression.errors import DatasetNotUsable
from compression.methods.export import export_network
from compression.methods.model_file import write_model
from tests.vectors.modality import CATALOG, READINGS, VectorExamples, VectorModality


class PoorModality(VectorModality):
    """Readings of which no test example is wet."""

    def load(self, card: DatasetCard) -> Dataset:
        whole = super().load(card)
        assert isinstance(whole.test, VectorExamples)
        test = whole.test.select(np.flatnonzero(whole.test.labels != 2))
        return Dataset(card=card, train=whole.train, validation=whole.validation, test=test)


POOR = replace(CATALOG, modality_of=lambda _: PoorModality())
SENTENCE = "its class 'wet' has no test reading; add some, or leave the class out"


@pytest.fixture(scope="module")
def weather(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weather") / "weather.onnx"
    write_model(export_network(VectorModality().network("weather", READINGS), READINGS.inputs), path)
    return path


def test_quantize_says_it_and_writes_nothing(weather: Path, tmp_path: Path) -> None:
    with pytest.raises(DatasetNotUsable, match=SENTENCE):
        quantize(weather, tmp_path / "out.onnx", dataset="readings", scheme="int8-ptq", seed=0, catalog=POOR)
    assert not (tmp_path / "out.onnx").exists()


def test_measure_says_it(weather: Path) -> None:
    with pytest.raises(DatasetNotUsable, match=SENTENCE):
        measure_and_print(
            [weather],
            "readings",
            engines=["onnxruntime"],
            batches=[1],
            threads=[1],
            precision="fp32",
            seconds=0.1,
            seed=0,
            json_file=None,
            catalog=POOR,
        )
