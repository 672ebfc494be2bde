from itertools import pairwise
from math import log2
from typing import Any

import pytest

from compression.decision.bits import FileBits
from compression.records.measurements import Kernels
from compression.records.recipes import Quantize
from compression.records.schemes import MixedPrecision, WeightsOnly
from compression.report.bits_chart import bits_alt, bits_figure
from compression.report.colours import DARK, LIGHT, Palette
from compression.report.inside_sections import bits_caption
from tests.constructed import FP16, INT8, SUBJECT
from tests.decision.test_bits import file, files, loses
from tests.layers import INT4_WEIGHTS

INT8_WEIGHTS, MIXED = Quantize(scheme=WeightsOnly(bits=8)), Quantize(scheme=MixedPrecision())
COMPUTES = Kernels(engine="onnxruntime", low_precision_weights=1.0, low_precision_macs=0.98, in_float={})


def usual_files() -> tuple[FileBits, ...]:
    computing = file(INT8, 8.1, 0.949).model_copy(update={"kernels": (COMPUTES,)})
    return files(computing, file(INT8_WEIGHTS, 8.0, 0.951), file(INT4_WEIGHTS, 4.5, 0.93), file(FP16, 16.0, 0.95))


def points(palette: Palette = LIGHT) -> dict[str, Any]:
    """The charts' points by the name of their file."""
    return {trace.name: trace for trace in bits_figure(usual_files(), palette).data if trace.name}


def test_every_file_is_a_point_at_its_bits_with_the_interval_of_its_accuracy() -> None:
    drawn = points()
    int4 = drawn["Original with int4 weights"]
    assert len(drawn) == 5
    assert int4.x[0] == pytest.approx(log2(4.5))
    assert int4.y[0] == pytest.approx(93.0)
    assert (int4.error_y.array[0], int4.error_y.arrayminus[0]) == pytest.approx((0.5, 0.5))


def test_files_of_the_same_size_are_drawn_apart_and_around_where_they_belong() -> None:
    one, other = (points()[name].x[0] for name in ("Original with int8 weights", "Original in int8"))
    assert 0.1 <= other - one <= 0.2
    assert (one + other) / 2 == pytest.approx(log2(8.05), abs=0.01)


def test_the_line_joins_the_most_accurate_file_of_each_size_up_to_the_original() -> None:
    line, drawn = bits_figure(usual_files(), LIGHT).data[0], points()
    names = ("Original with int4 weights", "Original with int8 weights", "Original in fp16", "Original")
    assert list(line.x) == [drawn[name].x[0] for name in names]
    assert all(left < right for left, right in pairwise(line.x))


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_only_a_file_that_computes_in_8_bits_is_filled(palette: Palette) -> None:
    drawn = points(palette)
    blue = palette.family["quantization"]
    assert drawn["Original in int8"].marker.color == blue
    assert drawn["Original with int8 weights"].marker.color == palette.page
    assert drawn["Original with int8 weights"].marker.line.color == blue
    assert drawn["Original"].marker.color == palette.family["original"]


def test_every_point_has_its_short_name_beside_it() -> None:
    labels = {note.text for note in bits_figure(usual_files(), LIGHT).layout.annotations}
    assert labels == {"int8", "int8 weights", "int4 weights", "fp16", "original"}


def test_the_words_for_it_start_with_the_takeaway_and_name_every_file() -> None:
    words = bits_alt(
        files(file(INT8, 8.1), file(INT4_WEIGHTS, 4.5), pairs=(loses(INT8, 0.0), loses(INT4_WEIGHTS, 1.0))), SUBJECT
    )
    assert words.startswith("8.1 bits for each weight are enough to lose nothing that 10,000 test images can show.")
    for name in ("Original 32 bits", "Original in int8 8.1 bits", "Original with int4 weights 4.5 bits"):
        assert name in words


def test_the_caption_tells_storing_from_computing() -> None:
    assert "filled squares compute most of their multiplications in 8 bits" in bits_caption(usual_files(), SUBJECT)
    assert "none of these files computes in 8 bits" in bits_caption(files(file(INT8_WEIGHTS, 8.0)), SUBJECT)
