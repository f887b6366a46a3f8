"""What docs/ shows of the tools: a table of what was proven of each, and the pages of the map libraries."""

from collections.abc import Iterator

from api.consumers.proven import PROVEN
from api.consumers.question import Question
from api.consumers.tools import TOOLS
from api.consumers.web import PAGES, page

HERE = "http://127.0.0.1:8000"
MARK = "<!-- The rest is written by `foundling openapi --write`, from what `make consumers` proved. -->\n"


def rewritten(text: str) -> str:
    """The document with its table anew; what stands before the mark stays."""
    before, mark, _ = text.partition(MARK)
    if not mark:
        raise ValueError(f"docs/consumers.md lacks its mark: {MARK.strip()}")
    return before + MARK + "\n".join(_table()) + "\n"


def pages() -> dict[str, str]:
    """The pages of the map libraries over a server on this machine, by their path in docs/."""
    question = Question(HERE)
    return {f"consumers/{name}.html": question.fill(page(name)) for name in PAGES}


def _table() -> Iterator[str]:
    yield "\n| tool | for | kind | seen to work with | on |"
    yield "| --- | --- | --- | --- | --- |"
    for tool in TOOLS:
        kinds = ", ".join(dict.fromkeys(paste.kind for paste in tool.pastes))
        proof = PROVEN.get(tool.key)
        if proof is None:
            seen = "**not run**, and nothing tested in its stead |"
        elif proof.how == "ran":
            seen = f"{proof.with_} | {proof.on}"
        else:
            seen = f"**not run**; tested: {proof.with_} | {proof.on}"
        yield f"| {tool.name} | {tool.purpose} | {kinds} | {seen} |"
