"""What a writer needs to know of a stored incident."""

from typing import Protocol


class Record(Protocol):
    """A flat incident, as bytes."""

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
