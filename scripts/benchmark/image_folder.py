"""Folders of images to start from, and what a start takes."""

import io
from contextlib import redirect_stdout
from multiprocessing import active_children
from pathlib import Path
from typing import NamedTuple

import torch
from PIL import Image

from benchmark.memory import anonymous, watched
from kindling.data.image_folder import ImageFolder

PAGE = 4096  # bytes: less can't be seen
DISTINCT = 20  # images that are encoded; the others are copies, as no two need to differ


class Taken(NamedTuple):
    """What one epoch took, from the first look at the folder."""

    peak: int  # bytes above those after the imports
    cache: int  # bytes on disk


def make_folder(folder: Path, images: int, side: int) -> Path:
    """A folder of two classes of JPEG images."""
    files = [encoded(side) for _ in range(DISTINCT)]
    for name in ("cats", "dogs"):
        (folder / name).mkdir(parents=True)
        for number in range(images // 2):
            (folder / name / f"{number:05}.jpg").write_bytes(files[number % DISTINCT])
    return folder


def encoded(side: int) -> bytes:
    """A smooth image as a JPEG file."""
    coarse = torch.randint(256, (8, 8, 3), dtype=torch.uint8).numpy()
    file = io.BytesIO()
    Image.fromarray(coarse).resize((side, side), Image.Resampling.BICUBIC).save(file, "JPEG", quality=90)
    return file.getvalue()


def one_epoch(path: Path, root: Path, in_memory: bool) -> Taken:
    """Set the data up, measure its statistics as training does, and go through it once."""
    torch.set_num_threads(1)
    with watched() as watch:
        data = ImageFolder(str(path), root=str(root), in_memory=in_memory)
        with redirect_stdout(io.StringIO()):
            data.setup()
        _ = data.statistics
        before = anonymous(next(iter(watch.start)))
        batches = iter(data.train_dataloader())
        watch.add([child.pid or 0 for child in active_children()], before)
        for _ in batches:
            pass
    return Taken(max(watch.peak, PAGE), sum(file.stat().st_size for file in root.rglob("*.npy")))
