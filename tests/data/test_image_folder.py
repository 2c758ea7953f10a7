"""Folders of images become splits, as they lie there."""

import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from kindling.data.image_folder import ImageFolder
from kindling.source import image_cache
from tests.data.conftest import draw, draw_classes


def opened(path: Path, **settings: Any) -> ImageFolder:
    data = ImageFolder(path=str(path), root=str(path.parent / "cache"), **settings)
    data.setup()
    return data


def greys(data: ImageFolder, split: str) -> set[int]:
    return set(data.splits[split][:][0].unique().tolist())


def test_folders_of_classes_are_split(pets: Path) -> None:
    data = opened(pets)
    assert data.identity["rows"] == {"train": 13, "val": 3, "test": 4}
    assert data.spec.class_names == ("cat", "dog")
    assert data.spec.input_shape == (3, 4, 4)
    assert data.splits["train"].inputs.dtype == torch.uint8


def test_each_image_has_the_class_of_its_folder(sets: Path) -> None:
    for split in opened(sets).splits.values():
        inputs, targets = split[:]
        assert torch.equal(inputs[:, 0, 0, 0] % 10, targets)


def test_official_splits_stay_apart(sets: Path) -> None:
    data = opened(sets)
    assert data.identity["rows"] == {"train": 17, "val": 3, "test": 4}
    assert greys(data, "train") | greys(data, "val") == {10, 11}
    assert greys(data, "test") == {20, 21}
    draw_classes(sets / "val", grey=30, each=1)
    data = opened(sets)
    assert data.identity["rows"] == {"train": 20, "val": 2, "test": 4}
    assert (greys(data, "train"), greys(data, "val")) == ({10, 11}, {30, 31})


def test_few_training_rows_still_have_all_classes(sets: Path) -> None:
    draw_classes(sets / "val", grey=30, each=1)
    assert greys(opened(sets, train_rows=8), "train") == {10, 11}


def test_rows_come_in_the_order_of_names_whatever_the_disk_says(
    sets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [file.name for file in opened(sets).cache.files]
    assert names == sorted(names, key=lambda name: (name.startswith("test"), name))
    scandir = os.scandir

    class Backwards:
        def __init__(self, folder: Path) -> None:
            self.found = list(scandir(folder))[::-1]

        def __enter__(self) -> list[os.DirEntry[str]]:
            return self.found

        def __exit__(self, *_: object) -> None: ...

    monkeypatch.setattr("os.scandir", Backwards)
    assert [file.name for file in opened(sets).cache.files] == names


def test_folders_below_a_class_belong_to_it(pets: Path) -> None:
    draw(pets / "cat" / "indoor" / "old" / "1.png", grey=200)
    data = opened(pets)
    assert sum(data.identity["rows"].values()) == 21
    found = torch.cat([split[:][1][split[:][0][:, 0, 0, 0] == 200] for split in data.splits.values()])
    assert found.tolist() == [0]


def test_what_a_system_leaves_behind_is_no_image(pets: Path) -> None:
    for name in (".DS_Store", "cat/.hidden.png", "cat/Thumbs.db", "dog/desktop.ini", ".git/config"):
        (pets / name).parent.mkdir(exist_ok=True)
        (pets / name).write_text("left behind")
    assert sum(opened(pets).identity["rows"].values()) == 20


def test_files_beside_the_splits_are_left_alone(sets: Path) -> None:
    (sets / "README.md").write_text("Cats and dogs.")
    assert opened(sets).spec.num_targets == 2


def test_size_and_mode_give_the_shape(pets: Path) -> None:
    draw(pets / "cat" / "large.png", size=(9, 7))
    data = opened(pets, size=[3, 5], mode="grey")
    assert data.spec.input_shape == data.splits["val"][:][0].shape[1:] == (1, 3, 5)
    assert opened(pets, size=2).spec.input_shape == (3, 2, 2)


def test_the_fingerprint_follows_content_and_rows_not_the_place(pets: Path, tmp_path: Path) -> None:
    first = opened(pets).fingerprint()
    assert opened(pets).fingerprint() == first
    assert opened(pets, seed=1).fingerprint() != first
    draw_classes(tmp_path / "copy" / "pets", grey=10)
    assert opened(tmp_path / "copy" / "pets").fingerprint() == first
    draw(tmp_path / "copy" / "pets" / "dog" / "3.png", grey=99)
    assert opened(tmp_path / "copy" / "pets").fingerprint() != first


def test_the_fingerprint_follows_the_order_within_a_class(pets: Path) -> None:
    data = opened(pets)
    order = data.splits["train"][:][1].argsort()
    found = set()
    for first, second in [(0, 1), (1, 0)]:
        rows = torch.cat([order[[first, second]], order[2:]])
        data.splits["train"] = opened(pets).splits["train"].only(rows)
        found.add(data.fingerprint())
    assert len(found) == 2


def test_the_fingerprint_reads_no_pixels(pets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = opened(pets)
    monkeypatch.setattr("kindling.data.loader.Split.parts", lambda _: pytest.fail("all pixels are read"))
    data.fingerprint()


def test_a_second_start_only_lists(pets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = opened(pets, size=4)
    monkeypatch.setattr(image_cache, "decode", lambda *_: pytest.fail("an image is decoded again"))
    again = opened(pets, size=4)
    for split in first.splits:
        for part, same in zip(first.splits[split][:], again.splits[split][:], strict=True):
            assert torch.equal(part, same)


def test_a_split_is_sent_without_its_images(pets: Path) -> None:
    split = opened(pets, size=200).splits["train"]
    sent = pickle.dumps(split)
    assert len(sent) < 10_000 < split.inputs.nbytes
    assert torch.equal(pickle.loads(sent)[:][0], split[:][0])


def test_a_path_belongs_to_the_caller(pets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(pets.parent)
    assert opened(Path("pets")).path == pets.resolve()
    monkeypatch.setenv("HOME", str(pets.parent))
    monkeypatch.setenv("USERPROFILE", str(pets.parent))
    assert ImageFolder(path="~/pets", root="cache").path == pets.resolve()


def test_a_batch_trains(pets: Path, fitted: Callable[..., tuple[Any, Any, Any]]) -> None:
    root = pets.parent / "cache"
    for words in (["data.in_memory=true"], ["data.in_memory=false", "data.workers=1", "data.size=[3,5]"]):
        *_, trainer = fitted("data=image_folder", f"data.path={pets}", f"data.root={root}", *words)
        assert trainer.global_step == 1
