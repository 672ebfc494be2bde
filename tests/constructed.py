"""Constructed studies for testing pure logic: round numbers that were chosen, not measured."""

from datetime import UTC, datetime

from compression.records.inputs import InputSpec
from compression.records.measurements import Accuracy, EngineName, Kernels, Latency, Noise, Pair, Timing, Traffic
from compression.records.naming import id_of, name_of
from compression.records.objectives import SoftTargets
from compression.records.recipes import Distill, Original, Quantize, Recipe, Train, family_of
from compression.records.schemes import HalfPrecision, Int8
from compression.records.students import Student
from compression.records.study import Candidate, Document, Machine, Needs, Study
from compression.records.subject import Subject

SMALL, MEDIUM, LARGE = (
    Student(size="small", width=8),
    Student(size="medium", width=16),
    Student(size="large", width=32),
)
ORIGINAL, INT8, FP16 = Original(), Quantize(scheme=Int8()), Quantize(scheme=HalfPrecision())


def distilled(student: Student) -> Distill:
    return Distill(student=student, objective=SoftTargets(temperature=4.0, labels_share=0.1))


MEDIUM_INT8 = Quantize(source=distilled(MEDIUM), scheme=Int8())

MACHINE = Machine(
    cpu="Test processor",
    cores=2,
    isa=("avx2",),
    memory_bytes=8_000_000_000,
    os="Linux",
    python="3.11.7",
    packages={"onnxruntime": "1.32.0"},
)


SUBJECT = Subject(
    model_title="ResNet-18",
    dataset_title="Fashion-MNIST",
    modality="image",
    noun="image",
    nouns="images",
    classes=(
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ),
    training_examples=55_000,
    validation_examples=5_000,
    test_examples=10_000,
    inputs=(InputSpec(name="images", shape=(1, 28, 28), axes=("channels", "height", "width")),),
)


def candidate(
    recipe: Recipe,
    *,
    size_bytes: int = 1_000_000,
    accuracy: float | None = 0.9,
    half_width: float = 0.005,
    ms: float = 1.0,
    spread: float = 0.01,
    conditions: tuple[tuple[EngineName, int], ...] = (("onnxruntime", 1),),
    build_seconds: float = 1.0,
    needs: Needs = Needs(labels=False, examples=0),  # noqa: B008  # frozen
    kernels: tuple[Kernels, ...] = (),
    macs: int = 1_000_000,
    precision: str = "fp32",
) -> Candidate:
    """``half_width`` is of the accuracy's interval, ``spread`` the relative half width of the latency's."""
    total = 10_000
    return Candidate(
        id=id_of(recipe),
        name=name_of(recipe),
        family=family_of(recipe),
        recipe=recipe,
        artefact=f"artefacts/{id_of(recipe)}.onnx",
        sha256="0" * 64,
        size_bytes=size_bytes,
        parameters=size_bytes // 4,
        macs=macs,
        download_bytes=size_bytes,
        traffic=Traffic(weight_bytes=1000, activation_bytes=1000),
        kernels=kernels,
        accuracy=None
        if accuracy is None
        else Accuracy(
            correct=round(accuracy * total),
            total=total,
            value=accuracy,
            low=accuracy - half_width,
            high=min(accuracy + half_width, 1.0),
        ),
        latency=tuple(
            Latency(
                engine=engine,
                precision=precision,
                batch=batch,
                threads=1,
                options={},
                samples_ms=(ms * batch,),
                median_ms=ms * batch,
                low_ms=ms * batch * (1 - spread),
                high_ms=ms * batch * (1 + spread),
                p95_ms=ms * batch * 1.1,
                settled=True,
            )
            for engine, batch in conditions
        )
        if accuracy is not None
        else (),
        build_seconds=build_seconds,
        needs=needs,
    )


def document(
    *candidates: Candidate,
    study: str = "constructed",
    pairs: tuple[Pair, ...] = (),
    noise: tuple[Noise, ...] = (),
    machine: Machine = MACHINE,
    subject: Subject = SUBJECT,
) -> Document:
    return Document(
        study=Study(
            id=study,
            model="resnet18",
            dataset="fashion-mnist",
            preset="quick",
            seed=0,
            state="completed",
            created=datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
            seconds=100.0,
        ),
        subject=subject,
        machine=machine,
        candidates=candidates,
        pairs=pairs,
        timing=Timing(noise=noise, other_cores=0.0) if noise else None,
        verdict=None,
    )


def usual_candidates() -> tuple[Candidate, ...]:
    """An original, both quantizations, two students with controls, and one student quantized."""
    both_batches: tuple[tuple[EngineName, int], ...] = (("onnxruntime", 1), ("onnxruntime", 32), ("openvino", 1))
    labelled = Needs(labels=True, examples=55_000)
    return (
        candidate(ORIGINAL, size_bytes=40_000_000, accuracy=0.95, ms=1.0, conditions=both_batches),
        candidate(
            INT8,
            size_bytes=10_000_000,
            accuracy=0.949,
            ms=0.4,
            conditions=both_batches,
            build_seconds=5.0,
            needs=Needs(labels=False, examples=300),
        ),
        candidate(FP16, size_bytes=20_000_000, accuracy=0.95, ms=1.0, conditions=both_batches),
        candidate(distilled(SMALL), size_bytes=25_000, accuracy=0.86, ms=0.05, conditions=both_batches, needs=labelled),
        candidate(
            distilled(MEDIUM),
            size_bytes=200_000,
            accuracy=0.90,
            ms=0.1,
            conditions=both_batches,
            build_seconds=30.0,
            needs=labelled,
        ),
        candidate(Train(student=SMALL), size_bytes=25_000, accuracy=0.855, ms=0.05, conditions=both_batches),
        candidate(Train(student=MEDIUM), size_bytes=200_000, accuracy=0.88, ms=0.1, conditions=both_batches),
        candidate(MEDIUM_INT8, size_bytes=60_000, accuracy=0.898, ms=0.08, conditions=both_batches, needs=labelled),
    )
