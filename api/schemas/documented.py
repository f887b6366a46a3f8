"""How fields of our own describe themselves in OpenAPI and JSON Schema: by their metadata."""

from typing import Any

_KEPT = ("type", "minimum", "maximum", "exclusiveMinimum", "minItems", "maxItems", "enum", "pattern", "format")


def describe_metadata(_converter: object, field: Any, **_: Any) -> dict[str, Any]:
    """What apispec should add for a field; null is one of its types where the field takes it."""
    found = {name: field.metadata[name] for name in _KEPT if name in field.metadata}
    if field.allow_none and "type" in found:
        found["type"] = [found["type"], "null"]
    if field.allow_none and "enum" in found:
        found["enum"] = [*found["enum"], None]
    if "x_example" in field.metadata:
        # Not as `example`: pages that try calls out would fill it in, and twenty filters at once find nothing.
        example = field.metadata["x_example"]
        written = ",".join(example) if isinstance(example, list) else example
        found |= {"x-example": example, "description": f"{field.metadata['description']} Example: `{written}`"}
    return found
