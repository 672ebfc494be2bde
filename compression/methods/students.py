"""Small networks to distil into, scaled by width and depth. Knows nothing of how they are trained."""

from typing import assert_never

from torch import Tensor, nn
from torch.nn import functional

from compression.catalog.cards import DatasetCard
from compression.catalog.student_sizes import STAGES, stem_convolutions
from compression.store.students import Architecture, Student


def build_student(student: Student, dataset: DatasetCard) -> nn.Module:
    """An untrained student: float32 [N, C, H, W] to logits [N, classes]."""
    return StudentNetwork(
        image_shape=dataset.image_shape,
        classes=len(dataset.classes),
        architecture=student.architecture,
        width=student.width,
        depth=student.depth,
    )


class StudentNetwork(nn.Module):
    """Three stages of width w, 2w and 4w in the manner of He et al. 2016, section 4.2, on maps of at most 28 pixels.

    The stem halves the resolution at least once: at a given cost, width has been worth more to such small networks than
    fine maps. Larger images are halved by further convolutions of the stem (Xiao et al. 2021, "Early Convolutions Help
    Transformers See Better"), so that a student costs about the same whatever the images are.
    """

    def __init__(
        self, *, image_shape: tuple[int, int, int], classes: int, architecture: Architecture, width: int, depth: int
    ) -> None:
        super().__init__()
        inputs = image_shape[0]
        stem: list[nn.Module] = []
        for _ in range(stem_convolutions(image_shape)):
            stem += [_convolution(inputs, width, stride=2), nn.BatchNorm2d(width), nn.ReLU()]
            inputs = width
        self.stem = nn.Sequential(*stem)
        blocks: list[nn.Module] = []
        for stage, multiple in enumerate(STAGES):
            outputs = width * multiple
            for block in range(depth):
                blocks.append(_block(architecture, inputs, outputs, stride=2 if stage and not block else 1))
                inputs = outputs
        self.blocks = nn.Sequential(*blocks)
        self.classifier = nn.Linear(inputs, classes)

    def forward(self, images: Tensor) -> Tensor:
        """Images [N, C, H, W] to logits [N, classes]."""
        features = self.blocks(self.stem(images))
        logits: Tensor = self.classifier(features.mean((2, 3)))
        return logits


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions around which the input is added; a 1x1 convolution fits it where the shape changes."""

    def __init__(self, inputs: int, outputs: int, *, stride: int) -> None:
        super().__init__()
        self.first = nn.Sequential(_convolution(inputs, outputs, stride=stride), nn.BatchNorm2d(outputs), nn.ReLU())
        self.second = nn.Sequential(_convolution(outputs, outputs, stride=1), nn.BatchNorm2d(outputs))
        same = stride == 1 and inputs == outputs
        self.shortcut: nn.Module = (
            nn.Identity()
            if same
            else nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
        )

    def forward(self, features: Tensor) -> Tensor:
        """Features [N, inputs, H, W] to [N, outputs, H / stride, W / stride]."""
        return functional.relu(self.second(self.first(features)) + self.shortcut(features))


class SeparableBlock(nn.Module):
    """Two depthwise-separable convolutions (Howard et al. 2017, "MobileNets", section 3.1): a 3x3 filter for each
    channel, then a 1x1 convolution that mixes the channels."""

    def __init__(self, inputs: int, outputs: int, *, stride: int) -> None:
        super().__init__()
        self.first = _separable(inputs, outputs, stride=stride)
        self.second = _separable(outputs, outputs, stride=1)

    def forward(self, features: Tensor) -> Tensor:
        """Features [N, inputs, H, W] to [N, outputs, H / stride, W / stride]."""
        result: Tensor = self.second(self.first(features))
        return result


def _block(architecture: Architecture, inputs: int, outputs: int, *, stride: int) -> nn.Module:
    match architecture:
        case "residual":
            return ResidualBlock(inputs, outputs, stride=stride)
        case "separable":
            return SeparableBlock(inputs, outputs, stride=stride)
        case _:
            assert_never(architecture)


def _separable(inputs: int, outputs: int, *, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, inputs, 3, stride, padding=1, groups=inputs, bias=False),
        nn.BatchNorm2d(inputs),
        nn.ReLU(),
        nn.Conv2d(inputs, outputs, 1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    )


def _convolution(inputs: int, outputs: int, *, stride: int) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, kernel_size=3, stride=stride, padding=1, bias=False)
