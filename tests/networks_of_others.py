"""Small networks in the orders and with the layers that other people's have: 1 x 28 x 28 in, ten scores out."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from tests.classifiers import export, ready

CLASSES = 10
IMAGE = (1, 28, 28)
OPSET = 17


class PooledBeforeRelu(nn.Module):
    """The order of PyTorch's own MNIST example; ``pool`` is what stands between the two."""

    def __init__(self, pool: Callable[[Tensor, int], Tensor] = functional.max_pool2d) -> None:
        super().__init__()
        self.pool = pool
        self.first, self.second = nn.Conv2d(1, 16, 5), nn.Conv2d(16, 32, 5)
        self.head = nn.Linear(512, CLASSES)

    def forward(self, taken: Tensor) -> Tensor:
        for layer in (self.first, self.second):
            taken = functional.relu(self.pool(layer(taken), 2))
        return self.head(taken.flatten(1))


def blocks(*behind: Callable[[int], nn.Module]) -> nn.Module:
    """Two convolutions, each followed by the same layers, which are made for its channels."""
    layers: list[nn.Module] = []
    for taken, given in ((1, 16), (16, 32)):
        layers += [nn.Conv2d(taken, given, 3, 2, 1), *(make(given) for make in behind)]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(32 * 49, CLASSES))


class Transformed(nn.Module):
    """A spatial transformer (Jaderberg et al. 2015), as in PyTorch's tutorial."""

    def __init__(self) -> None:
        super().__init__()
        self.places = nn.Sequential(
            nn.Conv2d(1, 8, 7), nn.MaxPool2d(2), nn.ReLU(), nn.Conv2d(8, 10, 5), nn.MaxPool2d(2)
        )
        self.where = nn.Linear(90, 6)
        self.rest = PooledBeforeRelu()

    def forward(self, taken: Tensor) -> Tensor:
        theta = self.where(functional.relu(self.places(taken)).flatten(1)).view(-1, 2, 3)
        grid = functional.affine_grid(theta, [taken.shape[0], 1, 28, 28], align_corners=False)
        return self.rest(functional.grid_sample(taken, grid, align_corners=False))


class Squeezed(nn.Module):
    """Squeeze and excitation, with a hard sigmoid, and an addition of what went in."""

    def __init__(self) -> None:
        super().__init__()
        self.stem, self.body = nn.Conv2d(1, 16, 3, 2, 1), nn.Conv2d(16, 16, 3, padding=1)
        self.down, self.up, self.head = nn.Conv2d(16, 4, 1), nn.Conv2d(4, 16, 1), nn.Linear(16 * 196, CLASSES)

    def forward(self, taken: Tensor) -> Tensor:
        taken = functional.relu(self.stem(taken))
        body = self.body(taken)
        gate = functional.hardsigmoid(self.up(functional.relu(self.down(body.mean((2, 3), keepdim=True)))))
        return self.head(functional.relu(taken + body * gate).flatten(1))


class Mixer(nn.Module):
    """MLP-Mixer (Tolstikhin et al. 2021): layers over the positions instead of attention."""

    def __init__(self, width: int = 48, positions: int = 49) -> None:
        super().__init__()
        self.patches, self.head = nn.Conv2d(1, width, 4, 4), nn.Linear(width, CLASSES)
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(3))
        self.over_positions = nn.Sequential(nn.Linear(positions, 64), nn.GELU(), nn.Linear(64, positions))
        self.over_features = nn.Sequential(nn.Linear(width, 96), nn.GELU(), nn.Linear(96, width))

    def forward(self, taken: Tensor) -> Tensor:
        taken = self.patches(taken).flatten(2).transpose(1, 2)
        taken = taken + self.over_positions(self.norms[0](taken).transpose(1, 2)).transpose(1, 2)
        taken = taken + self.over_features(self.norms[1](taken))
        return self.head(self.norms[2](taken).mean(1))


class Attending(nn.Module):
    """A small vision transformer; ``how`` its products are written: "matmul" or "einsum"."""

    def __init__(self, how: str = "matmul", width: int = 48) -> None:
        super().__init__()
        self.how, self.heads = how, 4
        self.patches, self.head = nn.Conv2d(1, width, 7, 7), nn.Linear(width, CLASSES)
        self.project, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(3))
        self.mlp = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))

    def forward(self, taken: Tensor) -> Tensor:
        taken = self.patches(taken).flatten(2).transpose(1, 2)
        count, width = taken.shape[1:]
        parts = self.project(self.norms[0](taken)).reshape(-1, count, 3, self.heads, width // self.heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4).unbind(0)
        scale = (width // self.heads) ** -0.5
        if self.how == "einsum":
            weights = (torch.einsum("bhid,bhjd->bhij", query, key) * scale).softmax(-1)
            attended = torch.einsum("bhij,bhjd->bhid", weights, value)
        else:
            attended = ((query @ key.transpose(-2, -1)) * scale).softmax(-1) @ value
        taken = taken + self.out(attended.permute(0, 2, 1, 3).reshape(-1, count, width))
        return self.head(self.norms[2](taken + self.mlp(self.norms[1](taken))).mean(1))


class Recurrent(nn.Module):
    """An LSTM over the rows."""

    def __init__(self) -> None:
        super().__init__()
        self.rows, self.head = nn.LSTM(28, 32, batch_first=True), nn.Linear(32, CLASSES)

    def forward(self, taken: Tensor) -> Tensor:
        return self.head(self.rows(taken.squeeze(1))[0][:, -1])


# What torch's older exporter cannot write, its present one does.
NEEDS_RECENT_OPSET = {"spatial-transformer"}
NETWORKS: dict[str, Callable[[], nn.Module]] = {
    "max-pool-relu": PooledBeforeRelu,
    "average-pool-relu": lambda: PooledBeforeRelu(functional.avg_pool2d),
    "relu-norm": lambda: blocks(lambda _: nn.ReLU(), nn.BatchNorm2d),
    "norm-relu": lambda: blocks(nn.BatchNorm2d, lambda _: nn.ReLU()),
    "relu6-norm": lambda: blocks(lambda _: nn.ReLU6(), nn.BatchNorm2d),
    "group-norm": lambda: blocks(lambda channels: nn.GroupNorm(4, channels), lambda _: nn.ReLU()),
    "instance-norm": lambda: blocks(nn.InstanceNorm2d, lambda _: nn.ReLU()),
    "prelu": lambda: blocks(nn.PReLU),
    "leaky-relu": lambda: blocks(lambda _: nn.LeakyReLU(0.1)),
    "elu": lambda: blocks(lambda _: nn.ELU()),
    "tanh": lambda: blocks(lambda _: nn.Tanh()),
    "softplus": lambda: blocks(lambda _: nn.Softplus()),
    "spatial-transformer": Transformed,
    "squeeze-excitation": Squeezed,
    "mixer": Mixer,
    "attention": Attending,
    "attention-einsum": lambda: Attending("einsum"),
}


@dataclass(frozen=True, kw_only=True)
class OfOthers:
    """One of these networks with random weights, as a file: written as ``tests.classifiers.Exported`` is."""

    network: str

    def __str__(self) -> str:
        return self.network

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Channels, height, width."""
        return IMAGE

    def write(self, folder: Path) -> Path:
        """Build the network and export it."""
        path = folder / f"{self}.onnx"
        opset = 0 if self.network in NEEDS_RECENT_OPSET else OPSET
        export(ready(NETWORKS[self.network], IMAGE), path, IMAGE, opset=opset)
        return path
