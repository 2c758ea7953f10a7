"""What a stored configuration may build: anybody may have made it, and it runs what it names."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from types import FunctionType, NoneType
from typing import Any

from kindling.error import RunError, one_line

PROJECT = __name__.partition(".")[0]
TRUSTED = (  # beside this project's own: the modules whose classes may be named, exactly so
    "pytorch_lightning",
    "pytorch_lightning.callbacks",
    "pytorch_lightning.loggers",
    "pytorch_lightning.strategies",
    "torch.nn",
    "torch.optim",
    "torch.optim.lr_scheduler",
)
SLOTS = {  # where something is built, parts of it included, and what it has to be; the first that fits counts
    "data": f"{PROJECT}.data.base.DataModule",
    "task": f"{PROJECT}.task.base.Task",
    "augmentation": f"{PROJECT}.augmentation.base.Augmentation",
    "model": "torch.nn.Module",
    "optimizer": "torch.optim.Optimizer",
    "scheduler.scheduler": "torch.optim.lr_scheduler.LRScheduler",
    "callback.*": "pytorch_lightning.Callback",
    "logger.*": "pytorch_lightning.loggers.Logger",
    "trainer.strategy": "pytorch_lightning.strategies.Strategy",
    "trainer": "pytorch_lightning.Trainer",
    "penalties.*": "collections.abc.Callable",
    "mixers.*": f"{PROJECT}.regularizer.mixer.Mixer",
    "module": "pytorch_lightning.LightningModule",
}
ADDRESSED = ("data", "logger")  # which may fetch from an address, or send there
SPECIAL = ("_target_", "_partial_")  # to Hydra, which has more such words
PLAIN = (dict, list, str, int, float, bool, NoneType)
DEEPEST = 16  # levels
LARGEST = 100_000  # values, and characters of names and texts
Place = tuple[str, ...]


def require_trusted(config: Mapping[str, Any], where: str) -> None:
    """Refuse a configuration with more than plain values and known classes in their places; raises RunError.

    `where` names it in the message. Every name is judged before the first one is imported.
    """
    for place, reason in refusals(config):
        told = [where, short(".".join(place).replace(".[", "[")), reason]
        raise RunError(": ".join(filter(None, told)))


def refusals(config: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    """What is wrong, and where; nothing beyond the first is safe to look at."""
    size, targets = 0, {}
    for place, value in walk(config):
        key = place[-1] if place else ""
        size += 1 + len(key) + (len(value) if type(value) is str else 0)
        reason = too_large(place, size) or not_plain(place, value)
        if key == "_target_":
            reason = reason or misnamed(place, value)
            targets[place] = value
        if reason:
            yield place, reason
    for place, target in targets.items():
        if reason := misplaced(place, target):
            yield place, reason


def walk(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Every value with the way to it; what holds others comes before them."""
    yield place, value
    if type(value) is dict:
        for key, one in value.items():
            yield from walk(one, (*place, key))
    elif type(value) is list:
        for position, one in enumerate(value):
            yield from walk(one, (*place, f"[{position}]"))


def too_large(place: Place, size: int) -> str:
    """Why it is refused, where it goes too deep or on for too long."""
    if len(place) > DEEPEST:
        return f"expected {DEEPEST} levels or fewer, got more; name another run"
    return f"expected a size of {LARGEST} or less, got more; name another run" if size > LARGEST else ""


def not_plain(place: Place, value: Any) -> str:
    """Why a value is refused, where it is more than it looks."""
    kind = type(value)
    if kind not in (PLAIN if place else (dict,)):
        return f"expected a plain {'value' if place else 'mapping'}, got {shown(value)}; name another run"
    if kind is dict and (wrong := [key for key in value if not is_setting(key)]):
        return f"expected names of settings, {' or '.join(SPECIAL)}, got {shown(wrong[0])}; name another run"
    if place[-1:] == ("_partial_",) and kind is not bool:
        return f"expected true or false, got {shown(value)}; name another run"
    if kind is str and ("${" in value or value == "???"):
        return f"expected a resolved value, got {shown(value)}; write what it stands for"
    if kind is str and "://" in value and place[0] not in ADDRESSED:
        return f"expected no address, got {shown(value)}; fetch it, and write its path"
    return ""


def is_setting(key: Any) -> bool:
    """Whether a key says no more than a name."""
    return type(key) is str and key.isprintable() and (not key.startswith("_") or key in SPECIAL)


def misnamed(place: Place, target: Any) -> str:
    """Why a target is refused by its name alone, and by its place."""
    parts = target.split(".") if type(target) is str else []
    if len(parts) < 2 or not all(part.isidentifier() and not part.startswith("__") for part in parts):
        return f"expected a class by its dotted name, got {shown(target)}; name another run"
    if not slot(place):
        return f"expected settings alone, got {shown(target)} to build; name another run"
    if parts[0] == PROJECT or target.rpartition(".")[0] in TRUSTED:
        return ""
    own = f"move it below src/{PROJECT}, or add its module to TRUSTED in src/{PROJECT}/run/trust.py"
    return f"expected a class of {PROJECT}, {', '.join(TRUSTED)}, got {shown(target)}; if it is yours, {own}"


def slot(place: Place) -> str:
    """What a target in this place has to be; nothing where none may stand."""
    for name, base in SLOTS.items():
        parts = name.split(".")
        if len(place) > len(parts) and all(
            part in ("*", key) for part, key in zip(parts, place, strict=False)
        ):
            return base
    return ""


def misplaced(place: Place, target: str) -> str:
    """Why a target of a trusted name is refused for what it is."""
    module, _, name = target.rpartition(".")
    try:
        found = vars(import_module(module)).get(name)
    except ImportError as error:
        return f"{shown(target)} can't be imported ({one_line(error)}); name another run"
    home, base = getattr(found, "__module__", None), slot(place)
    inside = home == module or (module in TRUSTED and f"{home}".startswith(f"{module}."))
    of_its_group = isinstance(found, FunctionType) and module.startswith(f"{PROJECT}.{place[0]}.")
    kind = found.__annotations__.get("return") if of_its_group else found
    if inside and isinstance(kind, type) and issubclass(kind, loaded(base)):
        return ""
    return f"expected a subclass of {base} that its own module defines, got {shown(target)}; name another run"


def loaded(name: str) -> type:
    """A class by its dotted name."""
    module, _, last = name.rpartition(".")
    kind: type = getattr(import_module(module), last)
    return kind


def shown(value: Any) -> str:
    """A value in a message: no control characters, which rewrite a terminal, and nothing that never ends."""
    if type(value) is not str:
        return f"one of type {type(value).__name__}"
    return short(value if value.isprintable() and value else repr(value[:80]))


def short(text: str) -> str:
    """A text for a line with others."""
    return text if len(text) <= 80 else f"{text[:79]}…"
