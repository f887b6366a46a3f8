"""What a question that counts is answered from: a snapshot, and the release that it stands for."""

from api.domain.errors import SnapshotNotReady
from api.domain.release import Release
from api.serving import caching
from api.serving.state import current, pinned, state
from api.snapshot.columns import Snapshot


def counted(number: int | None) -> tuple[Snapshot, Release]:
    """The snapshot, and the release that a question names; the current one when it names none.

    While the current one is being prepared, the one before answers in its place, as one that no cache keeps.
    Raises UnknownRelease, SnapshotNotReady.
    """
    release = pinned(number)
    snapshot = state().snapshots.snapshot(current(), state().generation)
    if snapshot.identity.release >= release.number:
        return snapshot, release
    if number is not None:
        raise SnapshotNotReady
    earlier = state().release(snapshot.identity.release)
    caching.answer_from(earlier)
    return snapshot, earlier
