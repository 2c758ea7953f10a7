"""The tables are the ones that their origin describes."""

import gzip
from pathlib import Path

import pytest
import torch

from kindling.data.bundled import FOLDER, Bundled
from kindling.error import DataError

FACTS = {  # rows, features, classes, from the publications
    "digits": (1797, 64, 10),
    "breast_cancer": (569, 30, 2),
    "wine": (178, 13, 3),
    "diabetes": (442, 10, 0),
}


@pytest.mark.parametrize("name", FACTS)
def test_a_table_has_its_rows_features_and_classes(name: str) -> None:
    rows, features, classes = FACTS[name]
    data = Bundled(name, "class" if classes else "real")
    inputs, targets = data.load()[:]
    assert inputs.shape == (rows, features)
    assert data.spec.num_targets == (classes or 1)
    assert len(data.spec.feature_names) == features
    assert torch.isfinite(inputs).all()
    assert len(targets) == rows


def test_class_counts_are_the_published_ones() -> None:
    counts = {
        name: Bundled(name, "class").load().targets.bincount().tolist() for name in ("breast_cancer", "wine")
    }
    assert counts == {"breast_cancer": [357, 212], "wine": [59, 71, 48]}  # benign, malignant


def test_rows_fold_into_images() -> None:
    data = Bundled("digits", "class", image_shape=[1, 8, 8])
    flat = Bundled("digits", "class").load().inputs
    assert torch.equal(data.load().inputs[5, 0, 2], flat[5, 16:24])


def damaged(folder: Path, text: bytes) -> Bundled:
    (folder / "mine.csv.gz").write_bytes(text)
    data = Bundled("mine", "class")
    data.setup()
    return data


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "expected a table, got an empty file"),
        (b"not compressed", "damaged"),
        (gzip.compress(b"a,b\n1,x\n" * 99, mtime=0)[:-9], "damaged"),
        (gzip.compress(b"a,b\n", mtime=0), "expected rows under its header"),
        (gzip.compress(b"a,b\n1,x\n2\n", mtime=0), "line 3: expected 2 cells, got 1"),
        (
            gzip.compress(b"a,b\n1,x\none,y\n", mtime=0),
            "line 3, column a: expected a number, got 'one'; mend it",
        ),
    ],
)
def test_a_damaged_table_is_told_with_its_line(
    text: bytes, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kindling.data.bundled.FOLDER", tmp_path)
    with pytest.raises(DataError, match=message):
        damaged(tmp_path, text)


def test_each_table_names_its_origin() -> None:
    origin = (FOLDER / "ORIGIN.md").read_text(encoding="utf-8")
    assert all(path.name in origin for path in FOLDER.glob("*.gz"))
