"""MNIST (LeCun et al., 1998) and Fashion-MNIST (Xiao et al., 2017, arXiv:1708.07747)."""

from dataclasses import dataclass
from typing import Any, Literal

from kindling.data.base import DataModule
from kindling.data.loader import Split
from kindling.data.spec import DataSpec
from kindling.error import DataError
from kindling.source.archive import Archive, Member
from kindling.source.download import provide, sources
from kindling.source.idx import read_idx

SIZES = {  # bytes, the same in both sets
    "train-images-idx3-ubyte": 47_040_016,
    "train-labels-idx1-ubyte": 60_008,
    "t10k-images-idx3-ubyte": 7_840_016,
    "t10k-labels-idx1-ubyte": 10_008,
}


@dataclass(frozen=True)
class Source:
    """Where a set is from, how its files are proved, and what its labels mean."""

    mirrors: tuple[str, ...]
    archives: tuple[Archive, ...]
    class_names: tuple[str, ...]


def archives(packed: tuple[str, ...], content: tuple[str, ...] = ("",) * 4) -> tuple[Archive, ...]:
    """The four files, with the checksums of the archives and, where they are published, of the content."""
    return tuple(
        Archive(f"{name}.gz", sha256, (Member(name, size, inner),))
        for (name, size), sha256, inner in zip(SIZES.items(), packed, content, strict=True)
    )


SETS = {
    "mnist": Source(
        mirrors=(
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
        ),
        archives=archives(
            packed=(
                "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
                "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
                "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
                "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
            ),
            content=(
                "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
            ),
        ),
        class_names=tuple("0123456789"),
    ),
    "fashion_mnist": Source(
        mirrors=(
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
        ),
        archives=archives(
            packed=(
                "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
                "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
                "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
                "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
            ),
        ),
        class_names=(
            "t_shirt_top",
            "trouser",
            "pullover",
            "dress",
            "coat",
            "sandal",
            "shirt",
            "sneaker",
            "bag",
            "ankle_boot",
        ),
    ),
}


class MNIST(DataModule):
    """60,000 and 10,000 grey images of 28×28 in ten classes; `val` is split off the 60,000.

    They are downloaded once, under `root`; `mirror` is a folder or an address to take them from instead.
    """

    sample = "image"
    kind = "class"

    def __init__(
        self, name: Literal["mnist", "fashion_mnist"], mirror: str | None = None, **shared: Any
    ) -> None:
        super().__init__(**shared)
        self.archives = SETS[name].archives
        self.places = sources(mirror, SETS[name].mirrors)
        self.folder = self.root / name
        self.spec = DataSpec((1, 28, 28), "class", 10, SETS[name].class_names)

    def make_splits(self) -> dict[str, Split]:
        """The official test images stay `test`; raises DataError where files can't be had or are damaged."""
        provide(self.archives, self.folder, self.places)
        return {**self.divide(self.read("train"), ["val"]), "test": self.read("t10k")}

    def read(self, part: Literal["train", "t10k"]) -> Split:
        """The images and labels of an official part, in their order."""
        images = read_idx(self.folder / f"{part}-images-idx3-ubyte", axes=3)
        labels = read_idx(self.folder / f"{part}-labels-idx1-ubyte", axes=1)
        if len(images) != len(labels):
            raise DataError(
                f"{self.folder}: expected a label for each of {len(images)} {part} images, got {len(labels)}"
            )
        return Split(images.unsqueeze(1), labels)  # (rows, 1, 28, 28)
