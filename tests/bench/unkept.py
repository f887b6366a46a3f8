"""`foundling`, with no answer kept in memory: what a question costs that nobody asked before."""

from api.cli.main import main
from api.serving.kept import Answer, KeptAnswers


def _nothing(_: KeptAnswers, __: object) -> Answer | None:
    return None


KeptAnswers.get = _nothing  # type: ignore[assignment]  # a server for benchmarks alone

if __name__ == "__main__":
    main()
