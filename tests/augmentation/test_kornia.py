"""kornia's transforms by name: scaled to 0..1 and back, tried when built, told in one line when wrong."""

import subprocess
import sys
from typing import Any

import pytest
import torch

from kindling.augmentation.kornia import Kornia
from kindling.check.words import plain
from kindling.data.spec import DataSpec
from kindling.error import ConfigError, MachineError

SPEC = DataSpec((1, 8, 8), "class", 2)
FLIP = {"RandomHorizontalFlip": {"p": 1.0}}


def test_raw_values_come_back_on_their_scale() -> None:
    x = torch.randint(0, 256, (4, 1, 8, 8), dtype=torch.uint8)
    torch.testing.assert_close(Kornia(SPEC, FLIP)(x, 0, 0, 0), x.flip(-1).float())
    wild = torch.randn(4, 1, 8, 8) * 100
    torch.testing.assert_close(Kornia(SPEC, FLIP, largest=16)(wild, 0, 0, 0), wild.flip(-1))


@pytest.mark.parametrize(("kind", "largest"), [(torch.uint8, 255), (torch.float32, 16)])
def test_transforms_see_values_from_0_to_1(kind: torch.dtype, largest: int) -> None:
    x = torch.full((2, 1, 8, 8), largest / 4).to(kind)
    inverted = Kornia(SPEC, {"RandomInvert": {"p": 1.0}}, largest=16)(x, 0, 0, 0)
    torch.testing.assert_close(inverted, largest - x.float())


def test_transforms_follow_in_their_order() -> None:
    x = torch.rand(2, 1, 8, 8)
    turn = {"RandomRotation90": {"times": [1, 1], "p": 1.0}}
    both = Kornia(SPEC, [FLIP, turn], largest=1)(x, 0, 0, 0)
    torch.testing.assert_close(both, x.flip(-1).rot90(1, (2, 3)), atol=1e-4, rtol=0)
    other = Kornia(SPEC, [turn, FLIP], largest=1)(x, 0, 0, 0)
    torch.testing.assert_close(other, x.rot90(1, (2, 3)).flip(-1), atol=1e-4, rtol=0)


def test_a_name_alone_has_the_arguments_that_kornia_gives_it() -> None:
    assert Kornia(SPEC, ["RandomHorizontalFlip"]).transforms[0].p == 0.5


@pytest.mark.parametrize("channels", [1, 3])
def test_the_default_takes_gray_and_colour(channels: int, composed: Any) -> None:
    transforms = plain(composed("augmentation=kornia"))["augmentation"]["transforms"]
    x = torch.rand(32, channels, 8, 8)
    changed = Kornia(DataSpec((channels, 8, 8), "class", 2), transforms, largest=1)(x, 0, 0, 0)
    assert changed.shape == x.shape
    assert (changed != x).flatten(1).any(1).float().mean() > 0.5


def test_pairs_are_taken_as_yaml_writes_them() -> None:
    x = torch.rand(2, 1, 8, 8)
    assert torch.equal(Kornia(SPEC, {"CenterCrop": {"size": [8, 8]}}, largest=1)(x, 0, 0, 0), x)


def test_a_transform_with_a_state_of_its_own_stays_out_of_the_checkpoint() -> None:
    assert not Kornia(SPEC, {"RandomBrightness": {}}).state_dict()


def test_chances_are_as_told_after_the_trial() -> None:
    x = torch.rand(1000, 1, 8, 8)
    changed = Kornia(SPEC, {"RandomHorizontalFlip": {"p": 0.2}}, largest=1)(x, 0, 0, 0)
    assert (changed != x).flatten(1).any(1).float().mean().item() == pytest.approx(0.2, abs=0.05)


@pytest.mark.parametrize(
    ("transforms", "message"),
    [
        ({"RandomHorizontalFlop": {}}, "transforms: .*, got RandomHorizontalFlop; did you mean RandomHoriz"),
        ({"RandomMixUpV2": {}}, "transforms: expected changes of single images"),
        ({"AugmentationBase2D": {}}, "transforms: expected changes of single images"),
        ({"auto": {}}, "transforms: expected changes of single images"),
        ({"RandomErasing": {"size": 2}}, "transforms.RandomErasing: .*unexpected keyword argument 'size'"),
        ({"RandomErasing": {"p": 2}}, "transforms.RandomErasing.p: expected 0 to 1, got 2"),
        ({"RandomErasing": {"p": "often"}}, "transforms.RandomErasing.p: expected 0 to 1, got often"),
        ({"RandomHue": {"hue": 0.1}}, r"transforms.RandomHue: .*shape of \(\*, 3, H, W\)"),
        ({"Resize": {"size": [4, 4]}}, r"transforms.Resize: expected .*\(1, 8, 8\) .*got \(1, 4, 4\)"),
    ],
)
def test_a_wrong_transform_is_told_in_one_line(transforms: Any, message: str) -> None:
    with pytest.raises(ConfigError, match=f"^augmentation.{message}") as caught:
        Kornia(SPEC, transforms)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("transforms", ["[3]", "null", "[{RandomErasing:0.5}]"])
def test_a_transform_has_a_name_and_arguments_by_name(transforms: str, mistakes: Any) -> None:
    told = mistakes("augmentation=kornia", f"augmentation.transforms={transforms}").splitlines()[-1]
    assert told.startswith(("augmentation.transforms: expected ", "augmentation.transforms: needs a value"))


def test_a_missing_package_is_told_with_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "kornia", None)
    with pytest.raises(MachineError, match=r"^augmentation: kornia .*; type: python -m pip install kornia$"):
        Kornia(SPEC, FLIP)


def test_nobody_else_waits_for_the_import() -> None:
    program = "import sys, kindling.augmentation.kornia; print('kornia' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
