"""Classifiers as people bring them: torchvision's networks with random weights, written by either of torch's exporters.

Batch norms get the statistics of random images, and the last layer random weights, so that scores depend on the image.
"""

import logging
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn
from torchvision import models

CLASSES = 10


def _tiny_vit() -> nn.Module:
    network = models.VisionTransformer(
        image_size=32, patch_size=8, num_layers=2, num_heads=2, hidden_dim=64, mlp_dim=128, num_classes=CLASSES
    )
    # torchvision starts it with zeros.
    nn.init.normal_(network.heads.get_submodule("head").weight, std=0.3)
    return network


NETWORKS: dict[str, Callable[[], nn.Module]] = {
    "resnet18": lambda: models.resnet18(num_classes=CLASSES),
    "mobilenet_v2": lambda: models.mobilenet_v2(num_classes=CLASSES),
    "mobilenet_v3_small": lambda: models.mobilenet_v3_small(num_classes=CLASSES),
    "efficientnet_b0": lambda: models.efficientnet_b0(num_classes=CLASSES),
    "shufflenet_v2": lambda: models.shufflenet_v2_x0_5(num_classes=CLASSES),
    "squeezenet": lambda: models.squeezenet1_1(num_classes=CLASSES),
    "vit": _tiny_vit,
    "regnet": lambda: models.regnet_y_400mf(num_classes=CLASSES),
}


@dataclass(frozen=True, kw_only=True)
class Exported:
    """A network and how it was written. ``opset`` 0 is torch's present exporter, with a free batch; any other the older
    one, for one image. ``folded``: whether batch norms are in the convolutions already, and weights are no inputs."""

    network: str
    opset: int = 0
    folded: bool = True

    def __str__(self) -> str:
        by = f"torchscript{self.opset}" if self.opset else "dynamo"
        return f"{self.network}-{by}{'' if self.folded else '-unfolded'}"

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Channels, height, width."""
        return (3, 32, 32) if self.network == "vit" else (3, 64, 64)

    def write(self, folder: Path) -> Path:
        """Build the network and export it."""
        path = folder / f"{self}.onnx"
        network = ready(NETWORKS[self.network], self.image_shape)
        export(network, path, self.image_shape, opset=self.opset, folded=self.folded)
        return path


def ready(build: Callable[[], nn.Module], image_shape: tuple[int, int, int]) -> nn.Module:
    """A network whose batch norms have seen images, in evaluation mode."""
    torch.manual_seed(0)
    network = build().train()
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = None  # the plain average
    with torch.no_grad():
        for _ in range(2):
            network(torch.randn(16, *image_shape))
    return network.eval()


def export(
    network: nn.Module, path: Path, image_shape: tuple[int, int, int], *, opset: int = 0, folded: bool = True
) -> None:
    """Write a network by one of the exporters, see ``Exported``."""
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if opset == 0:
            torch.onnx.export(
                network,
                (torch.zeros(2, *image_shape),),
                path,
                dynamic_shapes=({0: torch.export.Dim("batch")},),
                dynamo=True,
                external_data=False,
                verbose=False,
            )
            return
        mode = torch.onnx.TrainingMode.EVAL if folded else torch.onnx.TrainingMode.PRESERVE
        torch.onnx.export(
            network,
            (torch.zeros(1, *image_shape),),
            path,
            input_names=["input.1"],
            opset_version=opset,
            dynamo=False,
            training=mode,
            do_constant_folding=folded,
            keep_initializers_as_inputs=not folded,
        )
