"""The command ``distil`` run in a test's own process, and a small classifier of somebody else's to run it on."""

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

from compression.catalog.examples import Dataset
from compression.catalog.rows import FASHION_MNIST
from tests.classifiers import export
from tests.terminal import weigh_in_here

SMALL = ("--dataset", "fashion-mnist", "--student", "12 KB")


def their_classifier(dataset: Dataset, folder: Path) -> Path:
    """A classifier that knows something, from the older exporter, for one image at a time."""
    # Of so small a network, threads wait for each other longer than they compute.
    torch.set_num_threads(1)
    torch.manual_seed(0)
    network = nn.Sequential(nn.AvgPool2d(2), nn.Flatten(), nn.Linear(196, 32), nn.ReLU(), nn.Linear(32, 10))
    optimizer = torch.optim.Adam(network.parameters(), lr=0.01)
    images, labels = dataset.train.inputs(slice(6400))["images"], dataset.train.labels[:6400]
    for batch, wanted in zip(torch.from_numpy(images).split(64), torch.from_numpy(labels).split(64), strict=True):
        optimizer.zero_grad()
        functional.cross_entropy(network(batch), wanted).backward()
        optimizer.step()
    path = folder / "theirs.onnx"
    export(network.eval(), path, FASHION_MNIST.image_shape, opset=11)
    return path


@dataclass(frozen=True, kw_only=True)
class Done:
    """A command that has ended: its exit code and what it printed."""

    code: int
    out: str
    err: str


def distil_here(*arguments: str, home: Path) -> Done:
    """Run the command in this process: starting another takes as long as training so small a student."""
    done = weigh_in_here("distil", *arguments, home=home)
    return Done(code=done.returncode, out=done.stdout, err=done.stderr)
