"""Elastic net: both penalties at once (Zou and Hastie, 2005)."""

from torch import Tensor, nn

from kindling.regularizer.l1 import L1
from kindling.regularizer.l2 import L2


class ElasticNet:
    """The sum of an L1 and an L2 penalty of their own strengths."""

    def __init__(self, l1: float, l2: float) -> None:
        self.parts = (L1(l1), L2(l2))

    def __call__(self, net: nn.Module) -> Tensor:
        """What to add to the loss."""
        l1, l2 = self.parts
        return l1(net) + l2(net)
