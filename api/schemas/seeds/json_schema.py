"""The published JSON Schema of seeds/incidents/*.json, generated from the marshmallow schemas."""

from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

from api.schemas.documented import describe_metadata
from api.schemas.seeds.incident import IncidentSchema


def incident_json_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of a list of incidents; unknown keys are refused, as `foundling check` refuses them."""
    plugin = MarshmallowPlugin()
    spec = APISpec("seeds", "1", "3.1.0", plugins=[plugin])
    assert plugin.converter is not None
    plugin.converter.add_attribute_function(describe_metadata)  # type: ignore[no-untyped-call]  # apispec
    spec.components.schema("Incident", schema=IncidentSchema)
    definitions: dict[str, Any] = spec.to_dict()["components"]["schemas"]
    for definition in definitions.values():
        definition["additionalProperties"] = False
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Incidents of one country, as curators write them",
        "type": "array",
        "items": {"$ref": "#/$defs/Incident"},
        "$defs": _moved(definitions),
    }


def _moved(value: Any) -> Any:
    # apispec refers to where OpenAPI keeps schemas; JSON Schema keeps them in $defs.
    if isinstance(value, dict):
        return {
            key: inner.replace("#/components/schemas/", "#/$defs/") if key == "$ref" else _moved(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_moved(inner) for inner in value]
    return value
