"""What a writer needs to know of an incident."""

from typing import Any, Protocol


class Record(Protocol):
    """A flat incident, as bytes and as values by column."""

    @property
    def id(self) -> str:
        """The incident's identifier."""

    @property
    def lon(self) -> float:
        """Degrees, WGS 84."""

    @property
    def lat(self) -> float:
        """Degrees, WGS 84."""

    @property
    def json(self) -> bytes:
        """The flat object, as JSON."""

    def values(self) -> dict[str, Any]:
        """The flat object, by column."""
