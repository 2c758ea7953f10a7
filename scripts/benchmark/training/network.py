"""The networks as one writes them: the same layers in the same sizes as train.py is told to build."""

from torch import Tensor, nn

WORDS = {
    "mlp": ["model=mlp", "model.hidden=[512,256]", "model.dropout=0.2"],
    "cnn": ["model=cnn", "model.channels=[32,64]", "model.dropout=[0.0,0.5]"],
    "lstm": ["model=lstm", "model.hidden=128"],
}
UNITS = 128  # of the LSTM


class RowByRow(nn.Module):
    """An LSTM that reads an image as 28 steps."""

    def __init__(self) -> None:
        super().__init__()
        self.recurrent = nn.LSTM(28, UNITS, batch_first=True)
        self.head = nn.Linear(UNITS, 10)

    def forward(self, x: Tensor) -> Tensor:
        """From (batch, 1, 28, 28) to (batch, 10)."""
        steps, _ = self.recurrent(x[:, 0])  # (batch, 28, units)
        output: Tensor = self.head(steps[:, -1])
        return output


def make(name: str) -> nn.Module:
    """One of them, for images (batch, 1, 28, 28) and ten classes."""
    if name == "lstm":
        return RowByRow()
    if name == "mlp":
        first = nn.Linear(784, 512), nn.ReLU(), nn.Dropout(0.2)
        return nn.Sequential(
            nn.Flatten(), *first, nn.Linear(512, 256), nn.ReLU(), nn.Dropout(0.2), nn.Linear(256, 10)
        )
    return nn.Sequential(
        *(nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.5)),
        *(nn.Flatten(), nn.Linear(64 * 7 * 7, 10)),
    )
