"""What can go wrong, without a word about HTTP.

FoundlingError
├── InvalidValue          one value breaks a rule; `rule` says which
├── InvalidQuery          the parameters of a question break rules, each listed
├── UnknownIncident       no release ever held this id
├── WithdrawnIncident     a release held it, this one does not
├── UnknownRelease        no release has this number
├── UnknownTile           the world has no such tile, or none at this zoom
├── NothingPublished      the database holds no release yet
├── DatabaseUnavailable   try again later
├── TooManyRows           a format does not hold so many; another one does
├── TooManyDownloads      try again later
├── SnapshotNotReady      try again later
├── CannotRedact          a redaction was asked for that is none; the message says what to do instead
└── UnusableDatabase      an operator must act; the message says how
    └── NoDatabase        nothing was ever published
"""

from dataclasses import dataclass


class FoundlingError(Exception):
    """Root of everything this project raises on purpose."""


class InvalidValue(FoundlingError):
    """One value breaks a rule. The message is the rule, in words that a user can act on."""

    @property
    def rule(self) -> str:
        """The rule that is broken."""
        return str(self.args[0])


@dataclass(frozen=True, slots=True)
class ParameterProblem:
    """A query parameter, the rule that it breaks, and the spelling that was probably meant (or None)."""

    parameter: str
    rule: str
    suggestion: str | None = None


class InvalidQuery(FoundlingError):
    """Parameters of a question break rules; every broken one is listed.

    `did_you_mean` is the address that was probably meant, once somebody has found one that works.
    """

    def __init__(self, problems: list[ParameterProblem]) -> None:
        super().__init__("; ".join(f"{p.parameter}: {p.rule}" for p in problems))
        self.problems = problems
        self.did_you_mean: str | None = None


class UnknownIncident(FoundlingError):
    """No release up to the one asked held an incident of this id; `first_release` is a later one that does."""

    def __init__(self, incident_id: str, *, first_release: int | None = None) -> None:
        later = "" if first_release is None else f" before release {first_release}"
        super().__init__(f"There is no incident {incident_id}{later}.")


class WithdrawnIncident(FoundlingError):
    """The incident was published once, and had been withdrawn by the release asked."""

    def __init__(self, incident_id: str, *, last_release: int, reason: str | None, superseded_by: str | None) -> None:
        super().__init__(f"Incident {incident_id} was withdrawn; release {last_release} is the last that had it.")
        self.last_release = last_release
        self.reason = reason
        self.superseded_by = superseded_by


class UnknownRelease(FoundlingError):
    """No release has this number."""

    def __init__(self, number: int, latest: int) -> None:
        super().__init__(f"There is no release {number}; the latest is {latest}.")


class UnknownTile(FoundlingError):
    """The world is not cut into a tile like this one."""

    def __init__(self, z: int, x: int, y: int, *, last_zoom: int) -> None:
        if z > last_zoom:
            rule = f"tiles end at zoom {last_zoom}, which maps enlarge by themselves"
        else:
            rule = f"at zoom {z}, x and y go from 0 to {2**z - 1}"
        super().__init__(f"There is no tile {z}/{x}/{y}: {rule}.")


class NothingPublished(FoundlingError):
    """The database holds no release yet: run `foundling publish`."""

    def __init__(self) -> None:
        super().__init__("Nothing is published yet. Run `foundling publish` first.")


class DatabaseUnavailable(FoundlingError):
    """The database does not answer at the moment; the same question may be asked again."""


class TooManyRows(FoundlingError):
    """More rows match than a format holds; `instead` is an address that gives them all."""

    def __init__(self, most: int, instead: str) -> None:
        super().__init__(f"More than {most:,} rows match, which is what this format holds. Take {instead}")
        self.instead = instead


class TooManyDownloads(FoundlingError):
    """As many files are being sent as this process sends at a time; the same one may be asked for again."""

    def __init__(self) -> None:
        super().__init__("Too many files are being downloaded at the moment.")


class SnapshotNotReady(FoundlingError):
    """The columns that are counted are being made from the database; the same question may be asked again."""

    def __init__(self) -> None:
        super().__init__("The release is being prepared for counting; that takes some ten seconds a million incidents.")


class CannotRedact(FoundlingError):
    """A redaction was asked for that cannot be done; the message says what to do instead."""


class UnusableDatabase(FoundlingError):
    """The database cannot be used as it is; the message says what an operator should do."""


class NoDatabase(UnusableDatabase):
    """There is no database yet: nothing was ever published."""
