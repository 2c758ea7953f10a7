"""Any of kornia's changes of images, by name (Riba et al., arXiv 1910.02190); kornia is an extra."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor

from kindling.augmentation.base import Augmentation, require_images
from kindling.data.spec import DataSpec
from kindling.error import ConfigError, MachineError, one_line, suggest
from kindling.typed import install

Transform = str | dict[str, dict[str, Any]]  # a name alone, or with its arguments


class Kornia(Augmentation):
    """Applies transforms one after the other; each is a name, or a name with its arguments.

    kornia takes values from 0 to 1: bytes are divided by 255 and all else by `largest`, and
    multiplied again. What one of its transforms clips stays clipped.
    """

    def __init__(
        self,
        spec: DataSpec,
        transforms: Transform | list[Transform],
        largest: float = 255.0,
        seed: int = 0,
    ) -> None:
        super().__init__(spec, seed)
        require_images(spec)
        self.largest = largest
        known = kornia_transforms()
        # a tuple hides them from the checkpoint, and from moves: they draw on the CPU for any device
        self.transforms = tuple(make(known, *named, spec) for named in by_name(transforms))

    def augment(self, x: Tensor, generator: torch.Generator) -> Tensor:
        """The changed images, as float32."""
        largest = 255.0 if x.dtype == torch.uint8 else self.largest
        x = x.float() / largest
        seed = int(torch.randint(2**31, (), generator=generator, device=x.device))
        with seeded(seed, x.device):
            for transform in self.transforms:
                x = transform(x)
        return x * largest


def kornia_transforms() -> dict[str, Any]:
    """The classes that change single images; those that mix images would need to mix labels as well."""
    try:
        from kornia import augmentation
    except ImportError as error:
        text = f"kornia can't be imported ({one_line(error)})"
        raise MachineError(f"augmentation: {text}; type: {install('kornia')}") from error
    found = {name: getattr(augmentation, name) for name in augmentation.__all__ if "Base" not in name}
    base = augmentation.AugmentationBase2D
    return {name: kind for name, kind in found.items() if isinstance(kind, type) and issubclass(kind, base)}


def by_name(transforms: Transform | list[Transform]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each transform's name and arguments."""
    for one in transforms if isinstance(transforms, list) else [transforms]:
        yield from [(one, {})] if isinstance(one, str) else one.items()


def make(known: dict[str, Any], name: str, arguments: dict[str, Any], spec: DataSpec) -> Any:
    """One transform, tried on images of this shape; raises ConfigError for what it refuses."""
    where = "augmentation.transforms"
    if name not in known:
        near = suggest(name, list(known)) or "; see kornia.augmentation"
        raise ConfigError(f"{where}: expected changes of single images that kornia has, got {name}{near}")
    told = {key: tuple(value) if isinstance(value, list) else value for key, value in arguments.items()}
    try:
        transform = known[name](**told)  # a size must be a tuple, which YAML doesn't have
        chance, transform.p = transform.p, 1.0
        with seeded(0, torch.device("cpu")):
            shape = tuple(transform(torch.zeros(2, *spec.input_shape)).shape[1:])
        transform.p = chance
    except Exception as error:  # kornia raises many kinds, each over an argument or the shape
        raise ConfigError(f"{where}.{name}: {one_line(error)}") from error
    if not isinstance(chance, int | float) or not 0 <= chance <= 1:
        raise ConfigError(f"{where}.{name}.p: expected 0 to 1, got {chance}")
    if shape != spec.input_shape:
        raise ConfigError(f"{where}.{name}: expected images of {spec.input_shape} to stay so, got {shape}")
    return transform


@contextmanager
def seeded(seed: int, device: torch.device) -> Iterator[None]:
    """Set torch's global random state, from which kornia draws, for a while; it is as before afterwards."""
    forked = [] if device.type == "cpu" else [device]
    with torch.random.fork_rng(forked, device_type=device.type):
        torch.default_generator.manual_seed(seed)  # torch.manual_seed would touch other devices as well
        if forked:
            torch.get_device_module(device).manual_seed(seed)
        yield
