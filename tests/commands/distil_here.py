"""The command ``distil`` run in a test's own process, and a small classifier of somebody else's to run it on."""

from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
import torch
from torch import nn
from torch.nn import functional

from compression.__main__ import main
from compression.catalog.examples import Dataset
from compression.catalog.rows import FASHION_MNIST
from compression.studies.launchers.local import ALLOCATOR, LARGE_PAGES
from tests.classifiers import export

SMALL = ("--dataset", "fashion-mnist", "--student", "12 KB")


def their_classifier(dataset: Dataset, folder: Path) -> Path:
    """A classifier that knows something, from the older exporter, for one image at a time."""
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
    out, err, code = StringIO(), StringIO(), 0
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setenv("WEIGHIN_HOME", str(home))
        patch.setenv("COLUMNS", "200")
        # As if it had begun anew with them: these tests' process is not one to begin anew.
        for name, value in (ALLOCATOR | LARGE_PAGES).items():
            patch.setenv(name, value)
        patch.setattr("sys.argv", ["compression", "distil", *arguments])
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
    return Done(code=code, out=out.getvalue(), err=err.getvalue())
