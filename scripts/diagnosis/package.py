"""The packages: which version of each there is, and which would not import."""

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module, metadata
from importlib.util import find_spec

from diagnosis.child import LIMIT, EndedError, alone
from diagnosis.row import Row
from kindling.error import one_line
from kindling.package import (
    MODULES,
    Requirement,
    asked_by,
    broken,
    install,
    locked,
    package_of,
    requirements,
    tell,
)

UNASKED = ("torchvision", "torchaudio", "scipy", "pandas")  # others import them where they find them
INSTEAD = {"tensorboard": "torch.utils.tensorboard"}  # the part that is used


def version(package: str) -> str:
    """The version that is installed; "" for none."""
    try:
        return metadata.version(package) or "unknown"
    except metadata.PackageNotFoundError:
        return ""


def unmet(requirement: Requirement) -> str:
    """What is asked for and what is there, where that is another version; else nothing."""
    try:
        from packaging.requirements import Requirement as Parsed

        asked, found = Parsed(requirement.text), version(requirement.name)
        applies = not asked.marker or asked.marker.evaluate({"extra": requirement.extra})
        fits = not found or not applies or asked.specifier.contains(found, prereleases=True)
    except (ImportError, ValueError):  # Lightning brings packaging; not all names of versions are of its kind
        return ""
    return "" if fits else f"{requirement.name}{asked.specifier}, got {found}"


def misfit(requirement: Requirement) -> str:
    """What to do about a version that the project doesn't work with; nothing where it does."""
    name, wrong = requirement.name, unmet(requirement)
    return f"{name}: expected {wrong}; type: {install(name)}" if wrong else ""


def versions() -> Iterator[Row]:
    """Python, the project, what it asks for, and what others would import."""
    yield Row("Python", sys.version.split()[0])
    here = version("kindling")
    missing = "kindling: is not installed; type: python -m pip install --editable . in its folder"
    yield Row("kindling", here or "not installed", "" if here else missing)
    known = locked()
    asked = {one.name: one for one in reversed(requirements())}  # one without an extra stays
    for name in [*reversed(asked), *UNASKED]:
        found, one = version(name), asked.get(name)
        if not found and (one is None or one.extra):
            continue
        other = name in known and found.partition("+")[0] != known[name]  # behind the + stands its device
        beside = f" (locked: {known[name]})" if other else ""
        yield Row(name, (found or "not installed") + beside, misfit(one) if one else "")


def extras() -> Iterator[Row]:
    """The extras that aren't installed, with what to type."""
    lacking: dict[str, list[str]] = {}
    for one in requirements():
        if one.extra and not version(one.name):
            lacking.setdefault(one.extra, []).append(one.name)
    for extra, names in lacking.items():
        yield Row(extra, install(*names))


def modules() -> list[str]:
    """What is imported to see whether it works: all that is used, and what others would import."""
    names = [
        one.name for one in requirements() if not one.extra or (one.extra != "dev" and version(one.name))
    ]
    used = [INSTEAD.get(name, MODULES.get(name, name.replace("-", "_"))) for name in names]
    return [*used, *(name for name in UNASKED if find_spec(name)), "kindling.build"]


def failed(module: str, words: str, package: str = "") -> str:
    """What to do about a module that can't be imported, by the package at fault where that is known."""
    if package or not module.startswith("kindling."):
        return broken(package or package_of(module), words)
    return f"{module}: can't be imported ({words}); mend it, or take it as it was when it could"


def attempt(module: str) -> str:
    """Import a module; what is wrong and what to do, where that fails."""
    try:
        import_module(module)
    except BaseException as error:  # a package may even leave Python
        return tell(error) or failed(module, f"{type(error).__name__}: {one_line(error)}")
    return ""


def attempts(limit: float = LIMIT) -> list[str]:
    """What is wrong with packages, each told once, though all that import it break as well."""
    names = modules()
    tops = {name.partition(".")[0] for name in names} - {"kindling"}

    def told(module: str) -> str:
        try:
            return alone(__name__, "attempt", module, limit=limit)
        except EndedError as ended:
            inside = ended.inside(tops)
            return failed(module, str(ended), inside and package_of(inside))

    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        found = dict.fromkeys(filter(None, pool.map(told, names)))
    return [line + because(line.partition(":")[0]) for line in found]


def because(package: str) -> str:
    """Which versions a broken package asks for, where others are there."""
    wrong = (unmet(one) for one in asked_by(package) if not one.extra)
    return "".join(f"; it needs {one}" for one in wrong if one)
