"""A package that is missing or breaks is told in one line; a bug of ours, or the user's, is a bug."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kindling.error import MachineError, as_user_error
from kindling.package import broken_package, installed
from tests.conftest import Train, runs, status

Write = Callable[..., Path]
NMS = "operator torchvision::nms does not exist"


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    installed.cache_clear()
    yield
    installed.cache_clear()


def write_package(
    folder: Path, name: str, source: str, *needs: str, module: str = "", version: str = "0.1"
) -> Path:
    """A package as pip leaves it."""
    package, facts = folder / (module or name), folder / f"{name}-{version}.dist-info"
    package.mkdir(parents=True)
    facts.mkdir()
    (package / "__init__.py").write_text(source)
    about = [
        "Metadata-Version: 2.1",
        f"Name: {name}",
        f"Version: {version}",
        *(f"Requires-Dist: {one}" for one in needs),
    ]
    (facts / "METADATA").write_text("\n".join(about) + "\n")
    (facts / "RECORD").write_text(f"{package.name}/__init__.py,,\n{facts.name}/METADATA,,\n")
    return folder


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Install a package for this process."""
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    return lambda *texts, **options: write_package(tmp_path / "site", *texts, **options)


def raised(source: str, module: str = "kindling.model.mine") -> Exception:
    """What a module raises that is imported by that name."""
    try:
        exec(compile(source, "mine.py", "exec"), {"__name__": module})
    except Exception as error:
        return error
    raise AssertionError("expected an error")


@pytest.mark.parametrize(
    ("name", "source", "told"),
    [
        (
            "torchvision",
            f"raise RuntimeError('{NMS}')",
            f"torchvision: breaks when it is imported (RuntimeError: {NMS}); "
            "type: python -m pip uninstall torchvision; for more: python scripts/doctor.py\n",
        ),
        (
            "matplotlib",
            "raise ImportError('numpy.core.multiarray failed to import')",
            "type: python -m pip uninstall matplotlib, then python -m pip install matplotlib==",
        ),
        (
            "torch",
            "raise ModuleNotFoundError(\"No module named 'torch'\", name='torch')\n"
            "from torch import nn, optim",
            "torch: is not installed; type: python -m pip install torch==",
        ),
    ],
    ids=["torchvision", "matplotlib", "torch"],
)
def test_a_run_tells_of_it_in_one_line(
    name: str, source: str, told: str, train: Train, tmp_path: Path
) -> None:
    site = write_package(tmp_path / "site", name, source)
    result = train("debug=one_batch", PYTHONPATH=str(site))
    assert (result.returncode, result.stderr.count("\n")) == (6, 1)
    assert told in result.stderr
    assert "Traceback" not in result.stdout
    [run] = runs(tmp_path)
    assert (status(run)["status"], status(run)["exit_code"]) == ("failed", 6)
    assert result.stderr == f"{status(run)['error']}\n"


@pytest.mark.parametrize(
    "source",
    [
        "from kindling.error import nothing_of_that_name",
        "import kindling.nothing_of_that_name",
        "from tqdm import nothing_of_that_name",
        "import tqdm.nothing_of_that_name",
        "import nothing_of_that_name",
        "import json; json.loads('')",
    ],
)
def test_a_bug_of_our_own_is_a_bug(source: str) -> None:
    assert broken_package(raised(source)) is None


def test_a_users_own_module_that_breaks_is_a_bug(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "my_networks.py").write_text("import nothing_of_that_name")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert broken_package(raised("import my_networks")) is None


def test_a_bug_below_a_package_that_calls_us_is_a_bug(package: Write) -> None:
    package("caller", "def call(function): function()\n")
    ours = "def ours(): raise ValueError('ours')\n"
    assert broken_package(raised(f"{ours}import caller\ncaller.call(ours)")) is None


def test_a_bug_of_ours_that_a_package_meets_while_it_is_imported_is_a_bug(package: Write) -> None:
    package("plugin", "import sys\nsys.ours()\n")
    ours = "import sys\ndef ours(): raise ValueError('ours')\nsys.ours = ours\n"
    assert broken_package(raised(f"{ours}try:\n    import plugin\nfinally:\n    del sys.ours")) is None


def test_what_a_package_raises_later_is_none_of_its_import(package: Write) -> None:
    package("later", "def call(): raise ValueError('theirs')\n")
    assert broken_package(raised("import later\nlater.call()")) is None


def test_the_innermost_package_is_the_one_to_mend(package: Write) -> None:
    package("outer", "import inner\n")
    package("inner", "def check(): raise TypeError('two\\n lines')\ncheck()\n")
    told = str(as_user_error(raised("import outer"), part="data=wine"))
    assert told.startswith("inner: breaks when it is imported (TypeError: two lines); ")


def test_a_cause_says_more_than_what_was_made_of_it(package: Write) -> None:
    package(
        "lazy", "try:\n    import inner\nexcept Exception as error:\n    raise ImportError('no') from error\n"
    )
    package("inner", "raise OSError('libcudart.so.12: cannot open shared object file')\n")
    assert str(broken_package(raised("import lazy"))).startswith(
        "inner: breaks when it is imported (OSError: lib"
    )


def test_what_another_needs_is_installed_anew(package: Write) -> None:
    package("outer", "import inner\n", "inner>=0.1")
    package("inner", "raise ValueError('x')\n")
    assert "uninstall inner, then python -m pip install inner;" in str(broken_package(raised("import outer")))


def test_packages_go_by_the_name_that_pip_knows(package: Write) -> None:
    package("My_Package", "raise ValueError('x')\n", module="mine")
    assert str(broken_package(raised("import mine"))).startswith("my-package: ")
    lacks = ModuleNotFoundError("No module named 'hydra'", name="hydra")
    assert "python -m pip install hydra-core==" in str(broken_package(lacks))


def test_what_a_package_lacks_is_installed_for_it(package: Write) -> None:
    package("outer", "import nothing_of_that_name\n")
    told = str(broken_package(raised("import outer")))
    assert told.startswith(
        "nothing-of-that-name: is not installed; type: python -m pip install nothing-of-that-name;"
    )


def test_a_python_without_a_module_of_its_own_is_not_mended_by_pip(package: Write) -> None:
    package("outer", "raise ModuleNotFoundError(\"No module named '_lzma'\", name='_lzma')\n")
    error = broken_package(raised("import outer"))
    assert isinstance(error, MachineError)
    assert "Python: was built without its module _lzma; install another Python" in str(error)


def test_memory_that_ran_out_is_no_broken_package(package: Write) -> None:
    package("large", "raise MemoryError\n")
    assert broken_package(raised("import large")) is None


def test_a_python_without_the_project_is_told_in_one_line(train: Train, tmp_path: Path) -> None:
    (tmp_path / "hydra.py").write_text(
        "raise ModuleNotFoundError(\"No module named 'hydra'\", name='hydra')\n"
    )
    result = train("model=cnn", PYTHONPATH=str(tmp_path))
    assert result.returncode == 6
    assert result.stderr.startswith("hydra: is not installed for ")
    assert result.stderr.endswith("; type: scripts/run python train.py\n")
    assert result.stderr.count("\n") == 1
