"""Small networks to distil into, scaled by width and depth. Knows nothing of how they are trained."""

from typing import assert_never

from torch import Tensor, nn

from compression.catalog.cards import ImageDatasetCard
from compression.modalities.image.fused_training import FusedStep, Program, can_be_fused
from compression.modalities.image.fused_training.conv_norm_activation import ConvNormActivation
from compression.modalities.image.sizes import STAGES, stem_convolutions
from compression.records.students import Architecture, Student


def build_student(student: Student, dataset: ImageDatasetCard) -> "StudentNetwork":
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

    The stem halves the resolution at least once, since width is worth more than fine maps: docs/lab-notes.md, "Halving
    in the stem". Larger images are halved by further convolutions of the stem (Xiao et al. 2021, "Early Convolutions
    Help Transformers See Better"), so that a student costs about the same whatever the images are.

    In training it has no feature maps to look at between its layers, unless it ``shows_features``, which takes longer.
    """

    def __init__(
        self, *, image_shape: tuple[int, int, int], classes: int, architecture: Architecture, width: int, depth: int
    ) -> None:
        super().__init__()
        inputs = image_shape[0]
        stem: list[ConvNormActivation] = []
        for _ in range(stem_convolutions(image_shape)):
            stem.append(ConvNormActivation(inputs, width, 3, stride=2))
            inputs = width
        self.stem = nn.Sequential(*stem)
        blocks: list[ResidualBlock | SeparableBlock] = []
        for stage, multiple in enumerate(STAGES):
            outputs = width * multiple
            for block in range(depth):
                blocks.append(_block(architecture, inputs, outputs, stride=2 if stage and not block else 1))
                inputs = outputs
        self.blocks = nn.Sequential(*blocks)
        self.classifier = nn.Linear(inputs, classes)
        self.shows_features = False
        steps = [FusedStep(layer=layer, source=number) for number, layer in enumerate(stem)]
        for made in blocks:
            steps += made.steps(len(steps))
        self._program = Program(steps=steps)

    def forward(self, images: Tensor) -> Tensor:
        """Images [N, C, H, W] to logits [N, classes]."""
        if self.training and not self.shows_features and can_be_fused(images):
            # Loops are compiled for those that train.
            from compression.modalities.image.fused_training.function import pooled

            features = pooled(images, self._program)
        else:
            features = self.blocks(self.stem(images)).mean((2, 3))
        logits: Tensor = self.classifier(features)
        return logits


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions around which the input is added; a 1x1 convolution fits it where the shape changes."""

    def __init__(self, inputs: int, outputs: int, *, stride: int) -> None:
        super().__init__()
        self.first = ConvNormActivation(inputs, outputs, 3, stride=stride)
        self.second = ConvNormActivation(outputs, outputs, 3)
        same = stride == 1 and inputs == outputs
        self.shortcut = None if same else ConvNormActivation(inputs, outputs, 1, stride=stride, rectified=False)

    def forward(self, features: Tensor) -> Tensor:
        """Features [N, inputs, H, W] to [N, outputs, H / stride, W / stride]."""
        result: Tensor = self.second(
            self.first(features), features if self.shortcut is None else self.shortcut(features)
        )
        return result

    def steps(self, source: int) -> list[FusedStep]:
        """What it does, one layer after another, with the maps of this number."""
        first = FusedStep(layer=self.first, source=source)
        if self.shortcut is None:
            return [first, FusedStep(layer=self.second, source=source + 1, added=source)]
        shortcut = FusedStep(layer=self.shortcut, source=source)
        return [first, shortcut, FusedStep(layer=self.second, source=source + 1, added=source + 2)]


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

    def steps(self, source: int) -> list[FusedStep]:
        """What it does, one layer after another, with the maps of this number."""
        layers = (*self.first, *self.second)
        return [FusedStep(layer=layer, source=source + number) for number, layer in enumerate(layers)]


def _block(architecture: Architecture, inputs: int, outputs: int, *, stride: int) -> "ResidualBlock | SeparableBlock":
    match architecture:
        case "residual":
            return ResidualBlock(inputs, outputs, stride=stride)
        case "separable":
            return SeparableBlock(inputs, outputs, stride=stride)
        case _:
            assert_never(architecture)


def _separable(inputs: int, outputs: int, *, stride: int) -> nn.Sequential:
    return nn.Sequential(
        ConvNormActivation(inputs, inputs, 3, stride=stride, groups=inputs),
        ConvNormActivation(inputs, outputs, 1),
    )
