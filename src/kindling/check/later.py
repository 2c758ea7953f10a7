"""What Hydra 1.4 says of 1.5 in ways that 1.3 doesn't know yet: nothing to whoever trains."""

import warnings

TOLD = (
    r"The version_base parameter is deprecated",
    r"register_new_resolver\(\) is deprecated",
    r"hydra\.utils\.instantiate\(\) resolved _target_=.* with no",
)


def quiet() -> None:
    """Have it say nothing of these."""
    for text in TOLD:
        warnings.filterwarnings("ignore", message=text)
