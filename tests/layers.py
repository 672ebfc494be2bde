"""Constructed findings about layers: round numbers that were chosen, not measured."""

from compression.records.layers import Histogram, LayerFindings, Rounding, Sensitivity
from compression.records.naming import id_of
from compression.records.recipes import Quantize
from compression.records.schemes import WeightsOnly
from tests.constructed import INT8

INT4_WEIGHTS = Quantize(scheme=WeightsOnly(bits=4))
IMAGES = 2000


def tried(bits: int, drop: float, *, half_width: float = 0.005, divergence: float | None = None) -> Sensitivity:
    return Sensitivity.model_validate(
        {
            "bits": bits,
            "images": IMAGES,
            "divergence": abs(drop) if divergence is None else divergence,
            "drop": drop,
            "low": drop - half_width,
            "high": drop + half_width,
        }
    )


def layer(
    weights: str, *sensitivities: Sensitivity, shape: tuple[int, ...] = (64, 64, 3, 3), operator: str = "Conv"
) -> LayerFindings:
    return LayerFindings.model_validate(
        {
            "weights": weights,
            "operator": operator,
            "shape": shape,
            "sensitivities": sensitivities,
            "roundings": tuple(rounding(id_of(recipe)) for recipe in (INT4_WEIGHTS, INT8)),
        }
    )


def rounding(candidate: str) -> Rounding:
    """int8 cuts the largest inputs off; int4 weights leave them as they are."""
    cuts = candidate == id_of(INT8)
    return Rounding(
        candidate=candidate,
        weights=Histogram(
            low=-0.4, high=0.4, before=(10, 50, 30, 10), after=(0, 60, 40, 0), values_before=98, values_after=7
        ),
        inputs=Histogram(
            low=0.0,
            high=8.0,
            before=(900, 60, 30, 10),
            after=(900, 60, 40, 0) if cuts else (900, 60, 30, 10),
            values_before=950,
            values_after=200 if cuts else 950,
        ),
    )


def usual_layers() -> tuple[LayerFindings, ...]:
    """Three layers: in 4 bits none is fragile, in 2 bits the first is, and the second would be if it were alone."""
    return (
        layer("conv1.weight", tried(4, 0.003), tried(2, 0.14), shape=(64, 1, 3, 3)),
        layer("layer1.0.conv1.weight", tried(4, -0.001, divergence=0.0001), tried(2, 0.0056, divergence=0.01)),
        layer("fc.weight", tried(4, 0.0, divergence=0.00005), tried(2, 0.001), shape=(10, 512), operator="Gemm"),
    )
