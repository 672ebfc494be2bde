"""Building the networks of the catalog in torch. Knows nothing of weights, training or compression."""

import torchvision
from torch import nn

from compression.catalog.cards import ImageDatasetCard
from compression.catalog.rows import architecture_card

# Pixels of a side.
SMALL = 64


def build_network(model: str, dataset: ImageDatasetCard) -> nn.Module:
    """An untrained network: float32 [N, C, H, W] to logits [N, classes]. Raises UnknownName."""
    architecture_card(model)
    classes, channels = len(dataset.classes), dataset.image_shape[0]
    # What the published networks' first convolution halves without loss.
    stride = 1 if min(dataset.image_shape[1:]) <= SMALL else 2
    match model:
        case "resnet18":
            return _resnet18(classes, channels, stride)
        case "mobilenet_v2":
            return _mobilenet_v2(classes, channels, stride)
        case _:
            raise AssertionError(f"the catalog has a row for '{model}', and this function has no case for it")


def _resnet18(classes: int, channels: int, stride: int) -> nn.Module:
    """torchvision's ResNet-18; its 7x7 stride-2 stem would leave 1x1 maps of a 28-pixel image, so 3x3 stride 1."""
    network: nn.Module = torchvision.models.resnet18(num_classes=classes)
    kernel = 3 if stride == 1 else 7
    network.conv1 = nn.Conv2d(channels, 64, kernel_size=kernel, stride=stride, padding=kernel // 2, bias=False)
    nn.init.kaiming_normal_(network.conv1.weight, mode="fan_out", nonlinearity="relu")
    return network


def _mobilenet_v2(classes: int, channels: int, stride: int) -> nn.Module:
    """torchvision's MobileNetV2; its first convolution keeps the resolution of small images: 28 pixels halve only so
    often."""
    network: nn.Module = torchvision.models.mobilenet_v2(num_classes=classes)
    stem = nn.Conv2d(channels, 32, kernel_size=3, stride=stride, padding=1, bias=False)
    nn.init.kaiming_normal_(stem.weight, mode="fan_out")
    first_block = network.get_submodule("features.0")
    assert isinstance(first_block, nn.Sequential)
    first_block[0] = stem
    return network
