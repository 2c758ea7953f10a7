"""Clouds of points that can be told apart."""

import torch

from kindling.data.blobs import Blobs


def test_points_lie_about_the_centre_of_their_class() -> None:
    inputs, labels = Blobs(rows=3000, features=4, classes=3).load()[:]
    centres = torch.stack([inputs[labels == label].mean(0) for label in range(3)])
    spread = (inputs - centres[labels]).std(0)
    torch.testing.assert_close(spread, torch.ones(4), atol=0.05, rtol=0)
    assert labels.bincount().tolist() == [1000] * 3
