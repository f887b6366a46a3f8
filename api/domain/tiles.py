"""What is asked of a map, and how far it is cut into tiles."""

from dataclasses import dataclass

from api.domain.query import IncidentFilter

LAST_ZOOM = 10
"""At which every place is drawn by itself; maps enlarge it further."""


@dataclass(frozen=True, slots=True)
class TileQuery:
    """Which incidents a map shows; `release` None means those of the current one."""

    where: IncidentFilter
    release: int | None = None

    def parameters(self) -> dict[str, str]:
        """The query parameters that ask for this, in canonical spelling and order."""
        return self.where.parameters() | ({} if self.release is None else {"release": str(self.release)})
