"""The tables of docs/codebook.md: columns as the code has them, codes as the seeds have them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from api.domain.columns import COLUMNS, Column
from api.domain.derivations import DERIVATIONS
from api.domain.tables import TABLES

MARK = "<!-- The rest is written by `foundling openapi --write`. -->\n"


def rewritten(text: str, codelists: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """The document with its tables anew; what stands before the mark stays."""
    before, mark, _ = text.partition(MARK)
    if not mark:
        raise ValueError(f"The codebook lacks its mark: {MARK.strip()}")
    return before + MARK + "\n".join(_tables(codelists)) + "\n"


def _tables(codelists: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[str]:
    yield "\n## What is computed, and how\n"
    yield from (f"- **{name}**: {rule}" for name, rule in DERIVATIONS.items())
    yield "\n## Columns\n\n| column | type | unit or codelist | may be empty | what it holds |"
    yield "| --- | --- | --- | --- | --- |"
    yield from map(_row, COLUMNS)
    for table in TABLES[1:]:
        yield f"\n## Columns of `{table.name}`\n\n{table.title}: a row for each {table.row_is}.\n"
        yield "| column | type | unit or codelist | may be empty | what it holds |"
        yield "| --- | --- | --- | --- | --- |"
        yield from map(_row, table.columns)
    for name, codes in codelists.items():
        is_measure = name == "measure"
        more = " unit | may be added | columns |" if is_measure else ""
        yield f"\n## Codelist `{name}`\n\n| code | English · Spanish · Indonesian | meaning | standard terms |{more}"
        yield "| --- | --- | --- | --- |" + (" --- | --- | --- |" if is_measure else "")
        for code in codes:
            labels = " · ".join(code["label"][language] for language in ("en", "es", "id"))
            terms = "; ".join(_term(standard) for standard in code["standard"])
            folds = f" Takes in: {', '.join(code['folds'])}." if code.get("folds") else ""
            row = f"| `{code['code']}` | {labels} | {code['definition']['en']}{folds} | {terms} |"
            if is_measure:
                unit = "currency" if code["money"] else code["unit"]
                row += f" {unit} | {'yes' if code['additive'] else 'no'} | {'yes' if code['wide'] else ''} |"
            yield row


def _row(column: Column) -> str:
    domain = f"codelist `{column.codelist}`" if column.codelist else column.unit or ""
    empty = "yes" if column.is_nullable else ""
    return f"| `{column.name}` | {column.type} | {domain} | {empty} | {column.description} |"


def _term(standard: Mapping[str, Any]) -> str:
    number = f" {standard['code']}" if standard["code"] else ""
    return f"{standard['scheme']}{number}: {standard['term']}"
