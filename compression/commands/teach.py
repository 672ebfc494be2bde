"""``teach``: train a model of the catalog and write its weights and its card."""

from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from torch import nn

from compression.catalog.cards import FileCard, PretrainedCard, TrainingRecord
from compression.catalog.examples import Dataset, Examples
from compression.catalog.rows import architecture_card, dataset_card, pretrained_folder
from compression.catalog.sufficient import check_dataset
from compression.commands.console import console
from compression.measurement.accuracy.predictions import predictions
from compression.measurement.accuracy.shares import accuracy_of
from compression.measurement.engines import open_session
from compression.measurement.machine.fingerprint import fingerprint
from compression.methods.device import training_device, training_precision
from compression.methods.export import export_network
from compression.methods.modality import Pretrained
from compression.methods.model_file import write_model
from compression.methods.pretrained import count_parameters, pack_weights, unpack_weights
from compression.modalities.choose import modality_of
from compression.records.measurements import Accuracy
from compression.store.files import home_folder, sha256_of, write_atomically

WEIGHTS = "weights.safetensors"


def teach_model(model: str, dataset_name: str, *, seed: int, threads: int, out: Path | None) -> None:
    """Train, store as fp16, and measure what was stored. Raises UnknownName."""
    architecture_card(model)
    card = dataset_card(dataset_name)
    torch.set_num_threads(threads)
    modality = modality_of(card)
    dataset = modality.load(card)
    check_dataset(dataset)
    checkpoint = home_folder() / "teaching" / f"{model}--{dataset_name}--seed{seed}.checkpoint.pt"
    folder = out or pretrained_folder(model, dataset_name)
    for event in modality.pretrain(model, dataset, seed=seed, checkpoint=checkpoint):
        if isinstance(event, Pretrained):
            taught = event
        elif event.validation_accuracy is not None:
            print(
                f"epoch {event.epoch}/{event.epochs}: loss {event.loss:.4f}, "
                f"validation accuracy {event.validation_accuracy:.4f}, {event.examples_per_second:.0f} {card.nouns}/s",
                flush=True,
            )
    content = pack_weights(taught.network)
    validation, test = measure_stored(taught.network, dataset, content)
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
            phases=taught.phases,
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


def measure_stored(network: nn.Module, dataset: Dataset, content: bytes) -> tuple[Accuracy, Accuracy]:
    """Accuracy of stored weights on the validation split and the test set, exported and run in ONNX Runtime.

    ``network`` is one that they fit; it is left as it was.
    """
    stored = deepcopy(network)
    unpack_weights(stored, content)
    with TemporaryDirectory() as scratch:
        path = Path(scratch) / "stored.onnx"
        write_model(export_network(stored, dataset.card.inputs), path)
        session = open_session(path, "onnxruntime", threads=torch.get_num_threads())

        def measure(examples: Examples) -> Accuracy:
            found = predictions(session, examples)
            return accuracy_of(found.classes, examples.labels)

        return measure(dataset.validation), measure(dataset.test)
