"""Is a model of one's own understood, whoever exported it? ``python -m tests.benchmarks.own_models [--json FILE]``

torchvision's networks, trained on generated colour images for a moment, are written as other people write them:
by both of torch's exporters, with channels last, uint8 or float16 in, softmax inside, two outputs, more outputs than
classes or in another order, weights in a second file, and each for another preparation of pixels. For each file the
product finds the preparation and the classes' outputs; an independent loop with ONNX Runtime alone, which is told both,
counts what the person's own file answers right of the test images. Then the file is quantized to int8, and teaches a
student. Printed: the preparation that was found, both counts, int8's and the student's. The exit status is 1 when
another preparation is found, the counts differ by a single image, or a file is not made.
"""

import argparse
import contextlib
import io
import json
import os
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn
from torchvision import models

from compression.catalog.examples import Dataset
from compression.commands.own import add_dataset
from compression.measurement.accuracy.predictions import predictions_of_file
from compression.methods.build import build
from compression.methods.build_context import BuildContext
from compression.methods.built import Built
from compression.methods.distillation.teacher import compute_teacher_logits
from compression.methods.modality import Asked
from compression.modalities.choose import CATALOG
from compression.records.budgets import StudentBudget
from compression.records.objectives import SoftTargets
from compression.records.recipes import Distill, Original, Quantize
from compression.records.schemes import Int8
from compression.studies.own_model import get_ready
from tests.classifiers import export

CLASSES, SIDE, EACH = 8, 64, 150
OTHER_ORDER = (5, 2, 7, 0, 3, 6, 1, 4)
OUTPUTS = 1000
IMAGENET = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
LEVELS = 255.0
EPOCHS, BATCH, LEARNING_RATE = 5, 32, 1e-3


@dataclass(frozen=True, kw_only=True)
class Scale:
    """What a file takes: (pixels / 255 - mean) / std, red or blue first; the words are the product's."""

    words: str
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    blue_first: bool = False


def _even(words: str, mean: float, std: float) -> Scale:
    return Scale(words=words, mean=(mean,) * 3, std=(std,) * 3)


ZERO_TO_ONE = _even("pixels from 0 to 1", 0.0, 1.0)
AROUND_ZERO = _even("pixels from -1 to 1", 0.5, 0.5)
BYTES = _even("pixels from 0 to 255", 0.0, 1.0 / LEVELS)
LIKE_IMAGENET = Scale(words="pixels normalized as ImageNet's", mean=IMAGENET[0], std=IMAGENET[1])
LIKE_CAFFE = Scale(
    words="pixels from 0 to 255 less ImageNet's mean, blue first",
    mean=(IMAGENET[0][2], IMAGENET[0][1], IMAGENET[0][0]),
    std=(1.0 / LEVELS,) * 3,
    blue_first=True,
)


@dataclass(frozen=True, kw_only=True)
class Case:
    """One file. ``opset`` 0 is torch's present exporter; ``outputs`` has the output of each class."""

    network: str
    scale: Scale
    opset: int = 0
    channels_last: bool = False
    element: torch.dtype = torch.float32
    softmax: bool = False
    two_outputs: bool = False
    outputs: tuple[int, ...] = tuple(range(CLASSES))
    given: int = CLASSES
    second_file: bool = False

    def __str__(self) -> str:
        ways = {
            "channels last": self.channels_last,
            str(self.element).removeprefix("torch."): self.element != torch.float32,
            "softmax": self.softmax,
            "two outputs": self.two_outputs,
            "other order": self.given == CLASSES and self.outputs != tuple(range(CLASSES)),
            f"{self.given} outputs": self.given != CLASSES,
            "second file": self.second_file,
        }
        how = [f"opset {self.opset}" if self.opset else "dynamo", *(way for way, there in ways.items() if there)]
        return f"{self.network} ({', '.join(how)})"


NETWORKS: dict[str, Callable[[], nn.Module]] = {
    "resnet18": models.resnet18,
    "resnet34": models.resnet34,
    "mobilenet_v2": models.mobilenet_v2,
    "mobilenet_v3_small": models.mobilenet_v3_small,
    "shufflenet_v2": models.shufflenet_v2_x0_5,
    "mnasnet": models.mnasnet0_5,
    "efficientnet_b0": models.efficientnet_b0,
    "regnet": models.regnet_y_400mf,
    "densenet121": models.densenet121,
    "vit": lambda: models.VisionTransformer(
        image_size=SIDE, patch_size=16, num_layers=2, num_heads=2, hidden_dim=64, mlp_dim=128
    ),
}
CASES = (
    Case(network="resnet18", scale=LIKE_IMAGENET),
    Case(network="resnet18", scale=LIKE_IMAGENET, opset=11),
    Case(network="resnet18", scale=LIKE_CAFFE, opset=17),
    Case(network="resnet34", scale=ZERO_TO_ONE),
    Case(network="mobilenet_v2", scale=AROUND_ZERO, opset=13),
    Case(network="mobilenet_v2", scale=AROUND_ZERO, channels_last=True),
    Case(network="mobilenet_v2", scale=BYTES, channels_last=True, element=torch.uint8, softmax=True),
    Case(network="mobilenet_v3_small", scale=LIKE_IMAGENET, softmax=True),
    Case(network="mobilenet_v3_small", scale=BYTES, element=torch.uint8),
    Case(network="shufflenet_v2", scale=LIKE_IMAGENET, two_outputs=True),
    Case(network="shufflenet_v2", scale=ZERO_TO_ONE, opset=11, outputs=OTHER_ORDER),
    Case(network="mnasnet", scale=LIKE_IMAGENET, opset=17),
    Case(network="mnasnet", scale=AROUND_ZERO, outputs=OTHER_ORDER, softmax=True),
    Case(network="efficientnet_b0", scale=LIKE_IMAGENET),
    Case(network="efficientnet_b0", scale=LIKE_IMAGENET, channels_last=True, softmax=True),
    Case(network="regnet", scale=LIKE_IMAGENET, second_file=True),
    Case(network="regnet", scale=LIKE_CAFFE),
    Case(network="densenet121", scale=LIKE_IMAGENET),
    Case(network="resnet18", scale=LIKE_IMAGENET, given=OUTPUTS, outputs=(3, 999, 17, 404, 250, 8, 777, 120)),
    Case(
        network="mobilenet_v2",
        scale=AROUND_ZERO,
        given=OUTPUTS,
        outputs=(3, 999, 17, 404, 250, 8, 777, 120),
        softmax=True,
    ),
    Case(network="vit", scale=AROUND_ZERO),
    Case(network="vit", scale=LIKE_IMAGENET, opset=17, softmax=True),
    Case(network="resnet18", scale=LIKE_IMAGENET, element=torch.float16),
)


def draw(folder: Path) -> Path:
    """Eight classes of coloured shapes on noise: what is there to learn differs in form and in colour."""
    rng = np.random.default_rng(0)
    rows, columns = np.mgrid[0:SIDE, 0:SIDE]
    for label in range(CLASSES):
        (folder / f"kind-{label}").mkdir(parents=True)
        for number in range(EACH):
            middle, size = rng.integers(22, 42, 2), rng.integers(10, 18)
            far = np.hypot(rows - middle[0], columns - middle[1])
            square = np.maximum(abs(rows - middle[0]), abs(columns - middle[1]))
            inside = [
                far < size,
                square < size,
                (far < size) & (far > size / 2),
                ((rows + middle[0]) // (size // 2)) % 2 == 0,
            ][label % 4]
            colour = np.array([(210, 90, 40), (40, 110, 200)][label // 4]) + rng.integers(-30, 30, 3)
            pixels = rng.integers(80, 130, (SIDE, SIDE, 3))
            pixels[inside] = 0.2 * pixels[inside] + 0.8 * colour
            image = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
            image.save(folder / f"kind-{label}" / f"{number}.png")
    return folder


class AsBrought(nn.Module):
    """A network with what people put around it."""

    def __init__(self, network: nn.Module, case: Case) -> None:
        super().__init__()
        self.network, self.case = network, case

    def forward(self, taken: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        """Scores; with ``two_outputs`` half of what comes in, and scores."""
        inputs = taken.permute(0, 3, 1, 2) if self.case.channels_last else taken
        if self.case.element == torch.uint8:
            inputs = inputs.float()
        scores = self.network(inputs)
        scores = scores.softmax(dim=1) if self.case.softmax else scores
        return (inputs.mean(dim=(2, 3)), scores) if self.case.two_outputs else scores


def trained(case: Case, data: Dataset) -> nn.Module:
    """A network from scratch, until it knows the images well enough to tell preparations apart."""
    torch.manual_seed(0)
    network = NETWORKS[case.network]()
    name, last = [(name, each) for name, each in network.named_modules() if isinstance(each, nn.Linear)][-1]
    setattr(
        network.get_submodule(name.rpartition(".")[0]), name.rpartition(".")[2], nn.Linear(last.in_features, CLASSES)
    )
    inputs, labels = torch.from_numpy(prepared(data.train.pixels, case.scale)), torch.from_numpy(data.train.labels)
    optimizer = torch.optim.AdamW(network.train().parameters(), lr=LEARNING_RATE)
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(inputs))[: len(inputs) // BATCH * BATCH].view(-1, BATCH):
            optimizer.zero_grad()
            nn.functional.cross_entropy(network(inputs[rows]), labels[rows]).backward()
            optimizer.step()
    # The statistics of the last steps lag behind the weights.
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.reset_running_stats()
            module.momentum = None  # the plain average
    with torch.no_grad():
        for rows in torch.arange(len(inputs)).split(BATCH):
            network(inputs[rows])
    return network.eval()


def with_outputs(network: nn.Module, case: Case) -> nn.Module:
    """The same network, with the case's outputs in its last layer."""
    name, last = [(name, each) for name, each in network.named_modules() if isinstance(each, nn.Linear)][-1]
    head = nn.Linear(last.in_features, case.given)
    with torch.no_grad():
        head.weight.zero_()
        head.bias.fill_(-8.0)
        head.weight[list(case.outputs)] = last.weight
        head.bias[list(case.outputs)] = last.bias
    setattr(network.get_submodule(name.rpartition(".")[0]), name.rpartition(".")[2], head)
    return network


def prepared(pixels: NDArray[np.uint8], scale: Scale) -> NDArray[np.float32]:
    """By a loop of its own, in the plain order of the formula; [N, 3, H, W]."""
    ordered = pixels[:, ::-1] if scale.blue_first else pixels
    mean, std = (np.array(each, np.float64).reshape(1, 3, 1, 1) for each in (scale.mean, scale.std))
    return ((ordered / LEVELS - mean) / std).astype(np.float32)


def write(case: Case, data: Dataset, folder: Path) -> Path:
    """The person's file."""
    path, network = folder / f"{case.network}.onnx", AsBrought(with_outputs(trained(case, data), case), case).eval()
    if case.element == torch.float16:
        network.half()
    shape = (SIDE, SIDE, 3) if case.channels_last else (3, SIDE, SIDE)
    example = torch.zeros(2 if case.opset == 0 else 1, *shape, dtype=case.element)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if case.element == torch.float32 and not case.second_file:
            export(network, path, shape, opset=case.opset)
        else:
            torch.onnx.export(
                network,
                (example,),
                path,
                dynamic_shapes=({0: torch.export.Dim("batch")},),
                dynamo=True,
                external_data=case.second_file,
                verbose=False,
            )
    return path


def right_by_itself(path: Path, case: Case, data: Dataset) -> int:
    """How many test images the person's own file answers right, asked one by one by ONNX Runtime alone."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    inputs = prepared(data.test.pixels, case.scale)
    if case.element == torch.uint8:
        inputs = np.rint(inputs).astype(np.uint8)
    if case.element == torch.float16:
        inputs = inputs.astype(np.float16)
    inputs = inputs.transpose(0, 2, 3, 1) if case.channels_last else inputs
    right = 0
    for row, label in enumerate(data.test.labels):
        scores = session.run(None, {name: np.ascontiguousarray(inputs[row : row + 1])})[-1][0]
        right += int(scores[list(case.outputs)].argmax() == label)
    return right


def try_one(case: Case, data: Dataset, folder: Path) -> dict[str, Any]:
    """Everything that is said of one file."""
    modality = CATALOG.modality_of(data.card)
    path, artefacts = write(case, data, folder), folder / "artefacts"
    artefacts.mkdir()
    original, started = artefacts / "original.onnx", time.perf_counter()
    card = get_ready(path, data, modality, original, name="mine", title="Mine", threads=1)
    found: dict[str, Any] = {"seconds": time.perf_counter() - started, "found": card.tried[0].words}
    found["remarks"] = card.remarks
    found["by itself"] = right_by_itself(path, case, data)
    ready = replace(
        data,
        card=card.takes,
        **{part: modality.prepared(getattr(data, part), card.takes) for part in ("train", "validation", "test")},
    )

    def right(file: Path) -> int:
        answers = predictions_of_file(file, "onnxruntime", ready.test, threads=1)
        return int(np.count_nonzero(answers.classes == ready.test.labels))

    found["taken in"] = right(original)
    context = BuildContext(
        model=original,
        dataset=ready,
        modality=modality,
        student_budget=StudentBudget(epochs=6, batch_size=64, peak_learning_rate=0.1, weight_decay=5e-4),
        seed=0,
        artefacts=artefacts,
        cache=folder / "cache",
    )
    for _ in compute_teacher_logits(original, context.student_views, context.teacher_logits, threads=1):
        pass
    student = Distill(student=modality.students()["small"], objective=SoftTargets())
    for name, recipe in (("int8", Quantize(source=Original(), scheme=Int8())), ("student", student)):
        for event in build(recipe, context):
            if isinstance(event, Built):
                found[name] = right(event.artefact)
    return found


def faults(case: Case, found: dict[str, Any]) -> list[str]:
    """What is not as it should be."""
    told = []
    if found["found"] != case.scale.words:
        told.append(f"another preparation than {case.scale.words}")
    if found["taken in"] != found["by itself"]:
        told.append("another accuracy than the file itself")
    return told


def main() -> None:
    """Try them all, print, and write the figures to ``--json`` if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--only", help="files whose name has this in it")
    asked = parser.parse_args()
    torch.set_num_threads(2)
    everything, failed = {}, []
    with TemporaryDirectory() as top:
        os.environ["WEIGHIN_HOME"] = str(Path(top) / "home")
        add_dataset(draw(Path(top) / "drawn"), Asked(name="drawn", title="Drawn", side=SIDE))
        card = CATALOG.dataset_card("drawn")
        data = CATALOG.modality_of(card).load(card)
        total = len(data.test)
        for case in CASES:
            if asked.only and asked.only not in str(case):
                continue
            with TemporaryDirectory() as folder:
                try:
                    with contextlib.redirect_stdout(io.StringIO()):
                        found = everything[str(case)] = try_one(case, data, Path(folder))
                except Exception:
                    # One that fails must not hide what the others do; the exit status tells.
                    traceback.print_exc()
                    failed.append(str(case))
                    continue
            wrong = faults(case, found)
            print(
                f"{case!s:58} {found['found']:54} by itself {found['by itself']:4}, taken in {found['taken in']:4}, "
                f"int8 {found['int8']:4}, student {found['student']:4} of {total}{'; '.join(['', *wrong])}",
                flush=True,
            )
            if wrong:
                failed.append(f"{case} ({'; '.join(wrong)})")
    if asked.json:
        asked.json.write_text(json.dumps(everything, indent=2), encoding="utf-8")
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
