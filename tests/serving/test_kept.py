"""Answers that are kept: made once, as many as fit."""

from api.serving.kept import KeptAnswers


def test_an_answer_is_made_once() -> None:
    kept, made = KeptAnswers(), list[str]()

    def make() -> bytes:
        made.append("made")
        return b"answer"

    assert [kept.answer("a", make), kept.answer("a", make), kept.answer("b", make)] == [b"answer"] * 3
    assert len(made) == 2


def test_the_oldest_give_way_and_large_ones_are_never_kept() -> None:
    kept = KeptAnswers(most_bytes=10)
    made: list[str] = []

    def asked(key: str, size: int) -> None:
        def make() -> bytes:
            made.append(key)
            return b"x" * size

        kept.answer(key, make)

    for key, size in (("a", 4), ("b", 4), ("a", 4), ("c", 4), ("a", 4), ("b", 4)):
        asked(key, size)
    assert made == ["a", "b", "c", "b"]
    for _ in range(2):
        asked("large", 2**20 + 1)
    assert made[-2:] == ["large", "large"]
