"""Whether a value fits a JSON schema, and what would, in words."""

import math
from collections.abc import Callable
from typing import Any

Schema = dict[str, Any]  # {} takes anything
WORDS = {"integer": "a whole number", "number": "a number", "boolean": "true or false", "string": "text"}
WORDS |= {"null": "null", "array": "a list", "object": "settings by name"}
IS: dict[str, Callable[[Any], bool]] = {
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63,
    "number": lambda value: (
        isinstance(value, int | float) and not isinstance(value, bool) and is_finite(value)
    ),
    "boolean": lambda value: isinstance(value, bool),
    "string": lambda value: isinstance(value, str),
    "null": lambda value: value is None,
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}
BOUNDS: dict[str, Callable[[Any, Any], bool]] = {
    "minimum": lambda value, bound: value >= bound,
    "exclusiveMinimum": lambda value, bound: value > bound,
    "maximum": lambda value, bound: value <= bound,
    "exclusiveMaximum": lambda value, bound: value < bound,
}


def is_finite(value: float) -> bool:
    """Whether it is a number that a float can hold."""
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number of hundreds of digits
        return False


def fits(value: Any, schema: Schema) -> bool:
    """Whether a value is one that the schema takes."""
    if "anyOf" in schema:
        return any(fits(value, one) for one in schema["anyOf"])
    if "enum" in schema:
        return any(value == one and type(value) is type(one) for one in schema["enum"])
    kinds = schema.get("type")
    if kinds and not any(IS[kind](value) for kind in ([kinds] if isinstance(kinds, str) else kinds)):
        return False
    if any(name in schema and not holds(value, schema[name]) for name, holds in BOUNDS.items()):
        return False
    if isinstance(value, list):
        sizes = schema.get("minItems", 0), schema.get("maxItems", len(value))
        return sizes[0] <= len(value) <= sizes[1] and all(fits(one, schema.get("items", {})) for one in value)
    if isinstance(value, dict):
        lacks = any(name not in value for name in schema.get("required", ()))
        return not lacks and all(fits(one, schema.get("additionalProperties", {})) for one in value.values())
    return True


def describe(schema: Schema) -> str:
    """What the schema takes, in words."""
    if "anyOf" in schema:
        plain = [one for one in schema["anyOf"] if "required" not in one]  # nobody types a class
        told = [describe(one) for one in plain or schema["anyOf"]]
        return " or ".join(dict.fromkeys(told))
    if "enum" in schema:
        words = list(dict.fromkeys(spelled(one) for one in schema["enum"]))
        return words[0] if len(words) == 1 else f"one of {', '.join(words)}"
    kind = schema.get("type", "")
    if kind == "array":
        size = f" of {schema['minItems']}" if "minItems" in schema else ""
        return f"a list{size}{', each ' + describe(schema['items']) if schema.get('items') else ''}"
    if kind == "object" and schema.get("additionalProperties", {}).get("type") == "object":
        return "names with their settings"
    if kind == "object" and "required" in schema:
        return "a _target_ with its settings"
    return (WORDS[kind] if isinstance(kind, str) and kind else "a word or a number") + range_of(schema)


def range_of(schema: Schema) -> str:
    """The range of a number, in the words that a comment takes."""
    low, above = schema.get("minimum"), schema.get("exclusiveMinimum")
    high, below = schema.get("maximum"), schema.get("exclusiveMaximum")
    if low is None and above is None:
        return ""
    start = f"above {above:.10g}" if low is None else f"{low:.10g}"
    if high is None and below is None:
        return f" {start}" if low is None else f" of {start} or more"
    end = f"below {below:.10g}" if high is None else f"{high:.10g}"
    return f" {'' if low is None else 'from '}{start} to {end}"


def spelled(value: Any) -> str:
    """A value as it is written in YAML and on a command line."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{key}:{spelled(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(spelled, value)) + "]"
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    return str(value)
