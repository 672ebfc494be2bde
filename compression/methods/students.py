"""Small residual networks to distil into, scaled by width and depth. Knows nothing of how they are trained."""

from torch import Tensor, nn
from torch.nn import functional

from compression.catalog.cards import DatasetCard
from compression.store.students import Student


def build_student(student: Student, dataset: DatasetCard) -> nn.Module:
    """An untrained student: float32 [N, C, H, W] to logits [N, classes]."""
    return ResidualStudent(
        channels=dataset.image_shape[0], classes=len(dataset.classes), width=student.width, depth=student.depth
    )


class ResidualStudent(nn.Module):
    """A residual network in the manner of He et al. 2016, section 4.2: three stages of width w, 2w and 4w.

    The first convolution halves the resolution already: at a given cost, width has been worth more to such small
    networks than fine maps.
    """

    def __init__(self, *, channels: int, classes: int, width: int, depth: int) -> None:
        super().__init__()
        self.stem = nn.Sequential(_convolution(channels, width, stride=2), nn.BatchNorm2d(width), nn.ReLU())
        blocks: list[nn.Module] = []
        inputs = width
        for stage, outputs in enumerate((width, 2 * width, 4 * width)):
            for block in range(depth):
                blocks.append(ResidualBlock(inputs, outputs, stride=2 if stage and not block else 1))
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


def _convolution(inputs: int, outputs: int, *, stride: int) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, kernel_size=3, stride=stride, padding=1, bias=False)
