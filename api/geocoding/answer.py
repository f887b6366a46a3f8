"""What is asked of the gazetteer beside the text, and what it answers."""

from dataclasses import dataclass

from api.domain.place import GazetteerPlace


@dataclass(frozen=True, slots=True)
class Frame:
    """What the record says already: it always wins over the text. `country` and `subdivision` are ISO codes."""

    country: str | None = None
    subdivision: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a text means. `places` are best first, never empty; `dropped` are the parts that say more than
    the places do: unknown ones, and villages of which only the area around them is known.

    `runners_up` are those of a close call: nearly as good, an area of the same name as the settlement chosen, or the
    area that the text names where the settlement lies just outside it.
    """

    places: tuple[GazetteerPlace, ...]
    runners_up: tuple[GazetteerPlace, ...] = ()
    dropped: tuple[str, ...] = ()
    is_misspelt: bool = False

    @property
    def is_close_call(self) -> bool:
        """Whether a person should choose: another place fits nearly as well, or a letter was taken for another."""
        return bool(self.runners_up) or self.is_misspelt

    @property
    def best(self) -> GazetteerPlace:
        """The place that is meant."""
        return self.places[0]
