"""What values a setting takes, as a JSON schema: from its annotation, its value and its comment."""

import ast
from functools import cache
from typing import Any

from kindling.check.fit import IS, Schema, fits
from kindling.check.signature import Parameter
from kindling.check.source import Definition, define, resolve

PLAIN = {"int": "integer", "float": "number", "bool": "boolean", "str": "string", "None": "null"}
PLAIN |= {"Path": "string", "PathLike": "string", "SupportsFloat": "number"}
LIKE_VALUES = ("Enum", "Flag", "TypedDict", "NamedTuple", "Protocol")
LISTS = {"list", "List", "Sequence", "Iterable", "Collection", "set", "Set", "frozenset"}
TABLES = {"dict", "Dict", "Mapping", "MutableMapping"}


@cache
def of_parameter(parameter: Parameter) -> Schema:
    """What an argument takes."""
    return of_annotation(parameter.annotation, parameter.module) if parameter.annotation else {}


def of_annotation(told: ast.expr, module: str) -> Schema:
    """What an annotation allows; a class can be built from a `_target_`."""
    if isinstance(told, ast.Constant) and isinstance(told.value, str):
        return of_annotation(ast.parse(told.value, mode="eval").body, module)
    if isinstance(told, ast.BinOp):
        return any_of([of_annotation(told.left, module), of_annotation(told.right, module)])
    name = ast.unparse(told.value if isinstance(told, ast.Subscript) else told).rpartition(".")[2]
    if isinstance(told, ast.Subscript):
        inner = told.slice.elts if isinstance(told.slice, ast.Tuple) else [told.slice]
        return of_subscript(name, inner, module)
    if name in PLAIN:
        return {"type": PLAIN[name]}
    if name in LISTS | TABLES | {"tuple", "Tuple"}:
        return {"type": "object" if name in TABLES else "array"}
    found = define(module, name) if isinstance(told, ast.Name) else resolve(module, told)
    return of_definition(found) if found else {}


def of_subscript(name: str, inner: list[ast.expr], module: str) -> Schema:
    """What `list[int]`, `Literal["a", "b"]` and their like allow."""
    if name == "Literal":
        return {"enum": [ast.literal_eval(one) for one in inner]}
    if name in ("Callable", "type", "Type"):
        return {"type": "object"}
    parts = [of_annotation(one, module) for one in inner if ast.unparse(one) != "..."]
    if name in ("Union", "Optional"):
        return any_of([*parts, {"type": "null"}] if name == "Optional" else parts)
    if name in LISTS:
        return {"type": "array", "items": parts[0]}
    if name in TABLES:
        return {"type": "object", "additionalProperties": parts[-1]}
    if name not in ("tuple", "Tuple"):
        return {}
    items = {"type": "array", "items": any_of(parts)}
    endless = len(parts) < len(inner)
    return items if endless else {**items, "minItems": len(parts), "maxItems": len(parts)}


def of_definition(found: Definition) -> Schema:
    """What another name for an annotation allows, or a class."""
    if isinstance(found.node, ast.ClassDef) and any(
        ast.unparse(one).endswith(LIKE_VALUES) for one in found.node.bases
    ):
        return {}
    if isinstance(found.node, ast.ClassDef):
        return {"type": "object", "required": ["_target_"]}
    value = getattr(found.node, "value", None)
    is_type = isinstance(value, ast.BinOp | ast.Subscript | ast.Name | ast.Attribute)
    return of_annotation(value, found.module) if is_type and value else {}


def of_value(value: Any) -> Schema:
    """What a YAML's own value says, where there is no annotation."""
    if isinstance(value, list):
        return {"type": "array", "items": any_of([of_value(one) for one in value])}
    name = next((name for name, is_one in IS.items() if is_one(value)), "null")
    return {"type": name} if name != "null" else {"type": ["string", "number", "boolean", "null"]}


def any_of(schemas: list[Schema]) -> Schema:
    """Whatever one of them takes."""
    flat = [one for schema in schemas for one in schema.get("anyOf", [schema])]
    words = [word for one in flat for word in one.get("enum", ())]
    kept = [one for place, one in enumerate(flat) if one not in flat[:place] and "enum" not in one]
    kept = [one for one in kept if one | {"type": "number"} not in kept or one.get("type") != "integer"]
    once = {(str(word), type(word)): word for word in words}  # True equals 1
    kept += [{"enum": list(once.values())}] if words else []
    return {} if {} in kept or not kept else kept[0] if len(kept) == 1 else {"anyOf": kept}


def narrowed(schema: Schema, words: list[Any], bounds: Schema) -> Schema:
    """The same with the words and the range of a comment, at any depth."""
    if not (words or bounds):
        return schema
    texts = [word for word in words if isinstance(word, str)]
    others = [word for word in words if not isinstance(word, str) and not fits(word, schema)]
    return any_of([limited(schema, texts, bounds), *({"enum": [word]} for word in others)])


def limited(schema: Schema, texts: list[str], bounds: Schema) -> Schema:
    """Texts become one of a few, and numbers get their range."""
    if "anyOf" in schema:
        return any_of([limited(one, texts, bounds) for one in schema["anyOf"]])
    kind = schema.get("type")
    if texts and (kind == "string" or any(isinstance(word, str) for word in schema.get("enum", ()))):
        return {"enum": texts}
    if kind in ("integer", "number"):
        return schema | bounds
    if isinstance(kind, list) and bounds:  # null says nothing but that it may be left out
        return any_of([{"type": "number", **bounds}, {"type": "null"}])
    return schema | {"items": limited(schema["items"], texts, bounds)} if "items" in schema else schema
