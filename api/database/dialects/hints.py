"""Hints to a planner that knows no statistics: the same SQL on every database, but for a sign before a column."""

from typing import Any

from sqlalchemy import Column, ColumnElement, FromClause
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.visitors import InternalTraversal


class aside(ColumnElement[Any]):  # noqa: N801 - it reads like a function, as SQLAlchemy's own constructs do
    """A column to be compared and not to be searched by: nearly every row passes, so that its index would not help.

    SQLite would take a range for a quarter of the rows, search by it and sort what it finds.
    """

    inherit_cache = True
    _traverse_internals = [("column", InternalTraversal.dp_clauseelement)]  # noqa: RUF012 - as SQLAlchemy declares it

    def __init__(self, column: Column[Any]) -> None:
        self.column = column
        self.type = column.type

    @property
    def _from_objects(self) -> list[FromClause]:
        return [self.column.table]


@compiles(aside)
def _plain(element: aside, compiler: Any, **options: Any) -> str:
    text: str = compiler.process(element.column, **options)
    return text


@compiles(aside, "sqlite")
def _unsearched(element: aside, compiler: Any, **options: Any) -> str:
    return f"+{compiler.process(element.column, **options)}"


class tested(ColumnElement[bool]):  # noqa: N801 - as above
    """A condition to try on row after row, with all that stands in it: none of its indexes would find less."""

    inherit_cache = True
    _traverse_internals = [("condition", InternalTraversal.dp_clauseelement)]  # noqa: RUF012 - as above

    def __init__(self, condition: ColumnElement[bool]) -> None:
        self.condition = condition
        self.type = condition.type

    @property
    def _from_objects(self) -> list[FromClause]:
        return self.condition._from_objects  # noqa: SLF001 - what SQLAlchemy asks of every element


@compiles(tested)
def _in_brackets(element: tested, compiler: Any, **options: Any) -> str:
    return f"({compiler.process(element.condition, **options)})"


@compiles(tested, "sqlite")
def _opaque(element: tested, compiler: Any, **options: Any) -> str:
    return f"+({compiler.process(element.condition, **options)})"
