"""What says what is in a set of files: its manifest, and a data package (Frictionless) for tools that read those."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from api.domain.citation import licence_name
from api.domain.columns import COLUMNS, Column, ColumnType
from api.domain.release import Release
from api.exports.registry import FORMATS
from api.exports.sets import DATA_PACKAGE, StoredFile

_TABLE = "incidents.csv.gz"
_TYPES: dict[ColumnType, str] = {
    "text": "string",
    "code": "string",
    "list": "string",
    "date": "date",
    "datetime": "datetime",
    "integer": "integer",
    "number": "number",
}


def manifest(
    release: Release, generation: int, about: Mapping[str, Any], files: Iterable[StoredFile], folder: str
) -> bytes:
    """The list of files with their sizes and sha256; `folder` is the address that they are served under."""
    listed = [
        {
            "name": one.path.name,
            "url": f"{folder}/{one.path.name}",
            "media_type": one.media_type,
            "bytes": one.bytes,
            "sha256": one.sha256,
        }
        for one in files
    ]
    told = {
        **about,
        "digest": release.digest,
        "published": release.published,
        "generation": generation,
        "incidents": release.incidents,
        "files": listed,
    }
    return orjson.dumps(told, option=orjson.OPT_INDENT_2) + b"\n"


def data_package(
    release: Release, dataset: Mapping[str, Any], about: Mapping[str, Any], files: Iterable[StoredFile], folder: str
) -> bytes:
    """The same as a data package: the CSV with what its columns are, the other formats beside it."""
    licence = {"name": dataset["licence"], "path": dataset["licence_url"], "title": licence_name(dataset["licence"])}
    told = {
        "name": "foundling-incidents",
        "id": f"{folder}/{DATA_PACKAGE}",
        "title": dataset["title"]["en"],
        "description": dataset["description"]["en"],
        "version": str(release.number),
        "created": release.published,
        "licenses": [licence],
        "contributors": [{"title": dataset["publisher"], "role": "publisher"}],
        "attribution": dataset["attribution"],
        "citation": about["citation"],
        "resources": [_resource(one) for one in files],
    }
    return orjson.dumps(told, option=orjson.OPT_INDENT_2) + b"\n"


def _resource(file: StoredFile) -> dict[str, Any]:
    title = next(one.title for one in FORMATS if one.file == file.path.name)
    told: dict[str, Any] = {
        "name": file.path.name.replace(".", "-"),
        "title": f"Every incident of the release as {title}",
        "path": file.path.name,
        "format": file.path.name.removesuffix(".gz").rpartition(".")[2],
        "mediatype": file.media_type,
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
    }
    if file.path.name != _TABLE:
        return told | {"type": "file"}
    # Texts that look like nothing are no gaps: NA is Namibia.
    schema = {"fields": [_field(column) for column in COLUMNS], "primaryKey": "id", "missingValues": [""]}
    return told | {
        "type": "table",
        "mediatype": "text/csv",
        "compression": "gz",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": column.name,
        "type": _TYPES[column.type],
        "description": column.description,
    }
    # An empty text, or a list of nothing, is read as a gap.
    if not column.is_nullable and column.type not in ("text", "list"):
        told["constraints"] = {"required": True}
    return told
