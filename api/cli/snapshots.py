"""What a command does for the servers of its host: the columns that they count with are there when they ask."""

import logging

from api.database.engine import Database, dialect_of
from api.domain.errors import FoundlingError
from api.settings import Settings

log = logging.getLogger(__name__)


def prepare(chosen: Settings) -> None:
    """Makes the snapshot of the current release, if it is not there; servers would do it, when somebody asks.

    So a failure is a warning, and the command has done what it was asked to.
    """
    # numpy takes a tenth of a second and more, which every `--help` would wait for.
    from api.snapshot import files  # noqa: PLC0415
    from api.snapshot.build import Moved  # noqa: PLC0415
    from api.snapshot.keeper import ensure  # noqa: PLC0415

    try:
        dialect = dialect_of(chosen.effective_database_url)
        # As the publisher: a reader of SQLite could not tidy up behind itself, and the file is to be whole by itself.
        writer = dialect.open_writer()
        try:
            ensure(Database(writer, dialect), chosen.data / files.FOLDER)
        finally:
            writer.dispose()
    except (FoundlingError, Moved) as error:
        log.warning("The snapshot of this release is left to the servers: %s", error)
