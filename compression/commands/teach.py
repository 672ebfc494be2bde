"""``teach``: train a model of the catalog and write its weights and its card."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import torch

from compression.catalog.cards import FileCard, MeasuredShare, PhaseRecord, PretrainedCard, TrainingRecord
from compression.catalog.examples import Dataset, LabelledImages, load_dataset
from compression.catalog.networks import build_network, count_parameters
from compression.catalog.rows import architecture_card, dataset_card, pretrained_folder
from compression.catalog.weights import pack_weights, unpack_weights
from compression.commands.console import console
from compression.measurement.accuracy.predictions import predictions
from compression.measurement.accuracy.shares import accuracy_of
from compression.measurement.engines import open_session
from compression.measurement.machine.fingerprint import fingerprint
from compression.methods.export import export_network, write_model
from compression.methods.pretraining import Phase, Taught, phases_of, teach
from compression.methods.training.device import training_device, training_precision
from compression.records.measurements import Accuracy
from compression.store.files import home_folder, sha256_of, write_atomically

WEIGHTS = "weights.safetensors"


def teach_model(model: str, dataset_name: str, *, seed: int, threads: int, out: Path | None) -> None:
    """Train, store as fp16, and measure what was stored. Raises UnknownName."""
    architecture_card(model)
    card = dataset_card(dataset_name)
    phases = phases_of(model)
    torch.set_num_threads(threads)
    dataset = load_dataset(card)
    checkpoint = home_folder() / "teaching" / f"{model}--{dataset_name}--seed{seed}.checkpoint.pt"
    folder = out or pretrained_folder(model, dataset_name)
    for event in teach(model, dataset, seed=seed, checkpoint=checkpoint):
        if isinstance(event, Taught):
            taught = event
        elif event.validation_accuracy is not None:
            print(
                f"epoch {event.epoch}/{event.epochs}: loss {event.loss:.4f}, "
                f"validation accuracy {event.validation_accuracy:.4f}, {event.images_per_second:.0f} {card.nouns}/s",
                flush=True,
            )
    content = pack_weights(taught.network)
    validation, test = measure_stored(model, dataset, content)
    machine = fingerprint()
    write_atomically(folder / WEIGHTS, content)
    pretrained = PretrainedCard(
        model=model,
        dataset=dataset_name,
        parameters=count_parameters(taught.network),
        weights=FileCard(name=WEIGHTS, sha256=sha256_of(content)),
        stored_as="float16",
        validation_accuracy=validation,
        test_accuracy=test,
        training=TrainingRecord(
            command=f"python -m compression teach --model {model} --dataset {dataset_name} --seed {seed} "
            f"--threads {threads}",
            date=datetime.now(UTC).date().isoformat(),
            seed=seed,
            phases=tuple(_phase_record(phase) for phase in phases),
            precision=str(training_precision(taught.network, training_device())).removeprefix("torch."),
            threads=threads,
            machine=f"{machine.cpu}, {machine.cores} cores",
            torch=torch.__version__,
            seconds=taught.seconds,
            log=taught.log,
        ),
    )
    write_atomically(folder / "card.json", pretrained.model_dump_json(indent=1).encode() + b"\n")
    console().print(f"Test accuracy {test.value:.4f} ({test.low:.4f} to {test.high:.4f}); written to {folder}.")


def measure_stored(model: str, dataset: Dataset, content: bytes) -> tuple[MeasuredShare, MeasuredShare]:
    """Accuracy of stored weights on the validation split and the test set, exported and run in ONNX Runtime."""
    network = build_network(model, dataset.card)
    unpack_weights(network, content)
    with TemporaryDirectory() as scratch:
        path = Path(scratch) / f"{model}.onnx"
        write_model(export_network(network, dataset.card), path)
        session = open_session(path, "onnxruntime", threads=torch.get_num_threads())

        def measure(examples: LabelledImages) -> MeasuredShare:
            found = predictions(session, examples.images, dataset.normalize)
            return _share(accuracy_of(found.classes, examples.labels))

        return measure(dataset.validation), measure(dataset.test)


def _phase_record(phase: Phase) -> PhaseRecord:
    budget, augmentation = phase.budget, phase.augmentation
    return PhaseRecord(
        epochs=budget.epochs,
        batch_size=budget.batch_size,
        peak_learning_rate=budget.peak_learning_rate,
        weight_decay=budget.weight_decay,
        flip=augmentation.flip,
        shift_pixels=augmentation.shift_pixels,
        cutout_pixels=augmentation.cutout_pixels,
        mixed_share=phase.mixing.share if phase.mixing else 0.0,
        annealed=budget.annealed,
        averaged=phase.averaged,
    )


def _share(accuracy: Accuracy) -> MeasuredShare:
    return MeasuredShare(**accuracy.model_dump())
