"""Network for small photographs that learns in few steps: its first layer is measured, not learned.

After airbench94 (Jordan, 94% on CIFAR-10 in 3.29 Seconds on a Single GPU, arXiv 2404.00498), hlb-CIFAR10
(github.com/tysam-code/hlb-CIFAR10) and, for the whitening, Page (How to Train Your ResNet 8, 2019).
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from kindling.data.spec import describe_shape
from kindling.error import UnsuitableError
from kindling.model.cnn import make_pooling, pooled

SIDE = 2  # pixels of a patch
LEAST = 5e-4  # added to each variance: a direction without any would be divided by zero
HASTE = 8.0  # biases are told in eighths: they learn 64 times as fast as the kernels
CALM = 1 / 9  # of the outputs, so that a high rate does not begin with large ones


class Whitening(nn.Module):
    """Convolution whose fixed kernels take apart what pixels of a patch have in common, in both signs.

    It passes the pixels on until it has adopted images. The kernels are no parameters: nothing moves,
    decays or thaws them.
    """

    weight: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        pixels = torch.eye(channels * SIDE**2).reshape(-1, channels, SIDE, SIDE)
        self.register_buffer("weight", torch.cat([pixels, -pixels]))
        self.bias = nn.Parameter(torch.zeros(len(self.weight)))

    @torch.no_grad()
    def adopt(self, images: Tensor) -> None:
        """Take the eigenvectors of the patches' covariance, each divided by the root of its eigenvalue."""
        values = patches(images)
        variances, directions = torch.linalg.eigh(values.cov(correction=0).double())
        kernels = (directions / (variances.clamp(min=0) + LEAST).sqrt()).T.to(values)
        both = torch.cat([kernels, -kernels])
        self.weight.copy_(both.view_as(self.weight))
        self.bias.copy_(-both @ values.mean(1))

    def forward(self, x: Tensor) -> Tensor:
        """From (batch, channels, height, width) to eight times the channels, each side one shorter."""
        return F.conv2d(x, self.weight, self.bias)


def patches(images: Tensor) -> Tensor:
    """Each patch of each image as a column: (channels * SIDE**2, patches)."""
    found = images.unfold(2, SIDE, 1).unfold(3, SIDE, 1)  # (batch, channels, down, across, SIDE, SIDE)
    return found.permute(1, 4, 5, 0, 2, 3).flatten(0, 2).flatten(1)


class BiasNorm(nn.Module):
    """Batch norm that learns a bias and no gain, and soon forgets old batches: a run has few."""

    def __init__(self, features: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(features, momentum=0.4, affine=False)
        self.bias = nn.Parameter(torch.zeros(features, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        """Normalised over the batch, and shifted: (batch, features, height, width)."""
        output: Tensor = self.norm(x) + HASTE * self.bias
        return output


def make_block(before: int, after: int, window: tuple[int, ...]) -> nn.Sequential:
    """Two convolutions, which begin by passing channels on; pooling comes early and leaves less to do."""
    first, second = (nn.Conv2d(one, after, 3, padding="same", bias=False) for one in (before, after))
    for convolution in (first, second):
        nn.init.dirac_(convolution.weight[: convolution.in_channels])
    pooling = make_pooling("max", window)
    return nn.Sequential(first, pooling, BiasNorm(after), nn.GELU(), second, BiasNorm(after), nn.GELU())


class Whitened(nn.Module):
    """Whitened patches, a block for each entry of `channels`, the maximum of each channel, then a head.

    With `flip_average` an image scores as the mean of itself and its mirror image, in evaluation alone.
    """

    samples = ("image",)  # what it reads, told before anything is imported

    def __init__(
        self, input_shape: tuple[int, ...], num_outputs: int, channels: list[int], flip_average: bool = False
    ) -> None:
        super().__init__()
        if len(input_shape) != 3 or min(input_shape[1:]) < SIDE:
            raise UnsuitableError(needs="images of 2×2 pixels or more", has=describe_shape(input_shape))
        self.flip_average = flip_average
        self.whitening = Whitening(input_shape[0])
        before, sides = len(self.whitening.weight), [side - SIDE + 1 for side in input_shape[1:]]
        self.blocks = nn.Sequential()
        for after in channels:
            window = pooled("max", sides)
            self.blocks.append(make_block(before, after, window))
            before, sides = after, [side // step for side, step in zip(sides, window, strict=True)]
        self.head = nn.Linear(before, num_outputs)

    def adopt(self, inputs: Tensor) -> None:
        """Measure the first layer on normalised training images (rows, channels, height, width)."""
        self.whitening.adopt(inputs)

    def forward(self, x: Tensor) -> Tensor:
        """Raw outputs (batch, num_outputs)."""
        if self.flip_average and not self.training:
            return (self._score(x) + self._score(x.flip(3))) / 2
        return self._score(x)

    def _score(self, x: Tensor) -> Tensor:
        x = self.whitening(x.contiguous(memory_format=torch.channels_last))
        x = F.gelu(x)  # (batch, 8 * channels, height - 1, width - 1)
        x = self.blocks(x).amax((2, 3))  # (batch, channels)
        output: Tensor = self.head(x) * CALM
        return output
