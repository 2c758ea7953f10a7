"""Which package is missing or broken, told from what an import of it raised."""

import re
import sys
import tomllib
import traceback
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from pathlib import Path
from textwrap import shorten
from typing import NamedTuple

from kindling import typed
from kindling.error import MachineError, one_line

PROJECT = Path(__file__).parents[2]
NAME = __name__.partition(".")[0]
OWN = {NAME, "hydra_plugins", "__main__"}
MODULES = {  # of packages that are called otherwise
    "hydra-core": "hydra",
    "mlflow-skinny": "mlflow",
    "pillow": "PIL",
    "pyyaml": "yaml",
    "scikit-learn": "sklearn",
}


class Requirement(NamedTuple):
    """A package that is asked for, the extra that it is for or "", and the whole text."""

    name: str
    extra: str
    text: str


def normal(name: str) -> str:
    """A package's name in the one of its spellings that all can be compared by."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read(texts: Iterable[str], extra: str = "") -> list[Requirement]:
    """Requirements as packages write them; an extra may stand in their text too."""
    found: list[Requirement] = []
    for text in texts:
        name, told = re.match(r"[\w.-]+", text), re.search(r"""extra == ["'](.+?)["']""", text)
        if name:
            found.append(Requirement(normal(name[0]), told[1] if told else extra, text))
    return found


def requirements() -> list[Requirement]:
    """What the project asks for, by its file; by what was installed, where that can't be read."""
    try:
        project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    except (OSError, ValueError, KeyError):
        return asked_by(NAME)
    found = read(project.get("dependencies", []))
    for extra, texts in project.get("optional-dependencies", {}).items():
        found += [one for one in read(texts, extra) if one.name != normal(project["name"])]
    return found


def asked_by(package: str) -> list[Requirement]:
    """What an installed package asks for; nothing of one that isn't installed."""
    try:
        return read(metadata.requires(package) or [])
    except metadata.PackageNotFoundError:
        return []


def locked() -> dict[str, str]:
    """The versions that the tests passed with."""
    path = PROJECT / "requirements.lock"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return {normal(name): version for name, sign, version in (line.partition("==") for line in lines) if sign}


@cache
def installed() -> dict[str, list[str]]:
    """The packages that each importable name comes from; takes a tenth of a second."""
    return dict(metadata.packages_distributions())


def package_of(module: str) -> str:
    """The package that a module belongs to, by the name that pip knows."""
    top, _, rest = module.partition(".")
    second = rest.partition(".")[0]
    shared = [normal(name) for name in installed().get(top, ())]  # several share google
    near = [name for name in shared if name in (normal(second), normal(f"{top}.{second}"))]
    known = {one: package for package, one in MODULES.items()}
    return next(iter(near or shared), known.get(top, normal(top)))


def needed(package: str) -> bool:
    """Whether the project, or anything installed, asks for a package."""
    names = {str(found.name) for found in metadata.distributions()}
    asked = [one for name in names for one in asked_by(name) if not one.extra]
    return any(one.name == package for one in [*requirements(), *asked])


def install(*packages: str) -> str:
    """The command that installs them, at the versions that the tests passed with."""
    known = locked()
    return typed.install(*(f"{name}=={known[name]}" if name in known else name for name in packages))


def lacking(package: str, extra: str) -> list[tuple[str, str]]:
    """Packages that aren't installed, of one or of an extra of ours, each with the command for it."""
    names = [one.name for one in requirements() if one.extra == extra] if extra else [normal(package)]
    return [(name, install(name)) for name in names if not has(name)]


def has(package: str) -> bool:
    """Whether a package is installed."""
    try:
        metadata.distribution(package)
    except metadata.PackageNotFoundError:
        return False
    return True


def missing(module: str) -> str:
    """What to do about a module that isn't there."""
    if module in sys.stdlib_module_names:
        return f"Python: was built without its module {module}; install another Python"
    return f"{package_of(module)}: is not installed; type: {install(package_of(module))}"


def broken(package: str, words: str) -> str:
    """What to do about a package that breaks when it is imported: it goes, and comes back where needed."""
    again = f", then {install(package)}" if needed(package) else ""
    said = shorten(words, 300, placeholder=" …")
    return f"{package}: breaks when it is imported ({said}); type: python -m pip uninstall {package}{again}"


def causes(error: BaseException) -> list[BaseException]:
    """The error, then the one that it was raised from, and so on."""
    chain = [error]
    while (cause := chain[-1].__cause__) and cause not in chain:
        chain.append(cause)
    return chain


def imported(chain: list[BaseException]) -> list[str]:
    """The modules of packages that were being imported, outermost first, below the last line of our own.

    They are known by their names: anybody's folder may be called torch.
    """
    frames = [frame for error in chain for frame, _ in traceback.walk_tb(error.__traceback__)]
    found: list[str] = []
    for frame in frames:
        module = str(frame.f_globals.get("__name__"))
        top = module.partition(".")[0]
        if top in OWN:
            found.clear()
        elif frame.f_code.co_name == "<module>" and top not in sys.stdlib_module_names:
            found = [*found, module] if top in installed() else []
    return found


def tell(error: BaseException) -> str:
    """What is wrong with a package and what to do, where an import of one raised this; else nothing.

    One of our own modules, or of the user's, that asks a package for what it doesn't have is a bug.
    """
    if not isinstance(error, Exception) or isinstance(error, MemoryError):
        return ""
    chain = causes(error)
    last, modules = chain[-1], imported(chain)
    name = (last.name or "") if isinstance(last, ModuleNotFoundError) else ""
    if name and "." not in name and (modules or package_of(name) in {one.name for one in requirements()}):
        return missing(name)
    return broken(package_of(modules[-1]), f"{type(last).__name__}: {one_line(last)}") if modules else ""


def broken_package(error: BaseException) -> MachineError | None:
    """The one-line form of what a missing or broken package raised; None for any other error."""
    told = tell(error)
    return MachineError(f"{told}; for more: python scripts/doctor.py") if told else None
