"""`foundling openapi`."""

import sys
from pathlib import Path

import click
import orjson

from api.app import openapi_document
from api.cli import consumers
from api.cli.codebook import rewritten
from api.schemas.seeds.json_schema import incident_json_schema


@click.command()
@click.option("--write", is_flag=True, help="Write the files in openapi/, and what is generated in docs/.")
@click.option("--check", "is_check", is_flag=True, help="Exit 1 when one of them is not up to date.")
def openapi(write: bool, is_check: bool) -> None:
    """Print the OpenAPI document; write it, the record's JSON Schema and generated documents, or check them.

    \b
    Examples:
      foundling openapi > openapi.json
      foundling openapi --write
      foundling openapi --check
    """
    documents = {"openapi/openapi.json": openapi_document(), "openapi/incident.schema.json": incident_json_schema()}
    files = {
        Path(name): orjson.dumps(document, option=orjson.OPT_INDENT_2) + b"\n" for name, document in documents.items()
    }
    book = Path("docs/codebook.md")
    if (write or is_check) and book.is_file():  # its prose is written by hand, so it cannot be made from nothing
        codelists = orjson.loads(Path("seeds/codelists.json").read_bytes())
        files[book] = rewritten(book.read_text(encoding="utf-8"), codelists).encode()
    table = Path("docs/consumers.md")
    if (write or is_check) and table.is_file():
        files[table] = consumers.rewritten(table.read_text(encoding="utf-8")).encode()
        files |= {table.parent / name: text.encode() for name, text in consumers.pages().items()}
    if write:
        for path, content in files.items():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
            click.echo(f"Wrote {path}.")
    elif is_check:
        stale = [str(path) for path, content in files.items() if not path.is_file() or path.read_bytes() != content]
        if stale:
            click.echo(f"Not up to date: {', '.join(stale)}. Run `foundling openapi --write`.", err=True)
            sys.exit(1)
        click.echo("Up to date.")
    else:
        click.echo(files[Path("openapi/openapi.json")].decode(), nl=False)
