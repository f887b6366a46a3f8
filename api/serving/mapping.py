"""Where the incidents of a question lie, remembered for the tiles of its map."""

from api.domain.query import IncidentFilter
from api.domain.release import Release
from api.serving.state import state
from api.snapshot import places as of_snapshot
from api.snapshot.columns import Snapshot
from api.snapshot.places import Places


def places_of(snapshot: Snapshot, where: IncidentFilter, release: Release) -> Places:
    """Where the incidents lie that match; kept, because a map asks for twenty tiles of one question.

    Raises DatabaseUnavailable when words are asked for and it does not answer.
    """
    key = (snapshot.identity, where, release.number)

    def find() -> Places:
        return of_snapshot.placed(snapshot, state().matching(snapshot, where, release.number))

    return state().places.find(key, find)
