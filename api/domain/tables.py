"""The tables that are given as files: their names and columns. The first is the flat record itself."""

from dataclasses import dataclass

from api.domain.columns import COLUMNS, Column


@dataclass(frozen=True, slots=True)
class Table:
    """`title` says what all of it is; a row stands for one `row_is`."""

    name: str
    title: str
    row_is: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in order."""
        return tuple(column.name for column in self.columns)


_OF_THE_INCIDENT = tuple(
    column
    for column in COLUMNS
    if column.name
    in {
        "category", "date_edtf", "date_start", "date_end", "date_precision", "country", "country_iso3", "country_name",
        "admin1", "verification",
    }
)  # fmt: skip

INCIDENTS = Table("incidents", "All matching incidents", "incident", COLUMNS)

FIGURES = Table(
    "figures",
    "Every claim of a number in the matching incidents",
    "claim",
    (
        Column("incident_id", "code", "Identifier of the incident that the claim is of."),
        Column("claim", "integer", "Position of the claim among those of its incident, from 1."),
        Column("measure", "code", "What is counted; codelist `measure`.", codelist="measure"),
        Column("low", "number", "The least that the source claims.", is_nullable=True),
        Column("best", "number", "The number that the source claims.", is_nullable=True),
        Column("high", "number", "The most that the source claims.", is_nullable=True),
        Column("unit", "text", "What the numbers count; empty for money.", is_nullable=True),
        Column("currency", "code", "ISO 4217 currency of money; empty for all else.", is_nullable=True),
        Column("as_of", "text", "EDTF date that the claim speaks of, where it says one.", is_nullable=True),
        Column("said_by", "code", "Who claims it; codelist `speaker`.", codelist="speaker"),
        Column("source_ids", "list", "Identifiers of the publications that report the claim."),
        Column("note", "text", "What has to be known of the claim.", is_nullable=True),
        *_OF_THE_INCIDENT,
    ),
)
"""Claims that disagree stand side by side, each with what must be known of its incident."""

SOURCES = Table(
    "sources",
    "Every publication that the matching incidents cite",
    "publication",
    (
        Column("id", "code", "Identifier of the publication, as in `source_ids`."),
        Column("publisher", "text", "Who published it."),
        Column("publisher_kind", "code", "press, official, court, ngo or other.", codelist="publisher_kind"),
        Column("title", "text", "The published headline; empty when not seen or withheld.", is_nullable=True),
        Column("description", "text", "What it is, in our words, where the headline does not tell.", is_nullable=True),
        Column("url", "text", "Its address, where it can be shown.", is_nullable=True),
        Column("withheld", "code", "Why headline or address are not shown.", is_nullable=True, codelist="withheld"),
        Column("language", "code", "Its language, as a BCP 47 tag."),
        Column("published", "text", "EDTF date of publication, where known.", is_nullable=True),
        Column("retrieved", "text", "EDTF date on which it was read, where known.", is_nullable=True),
        Column("archived_url", "text", "Address of an archived copy.", is_nullable=True),
        Column("kind", "code", "original, copy or overview.", codelist="source_kind"),
        Column("original_publisher", "text", "Whose text a copy repeats.", is_nullable=True),
    ),
)

PLACES = Table(
    "places",
    "Every place that the matching incidents name",
    "place",
    (
        Column("place", "text", "The place as reported."),
        Column("country", "code", "ISO 3166-1 alpha-2. NA is Namibia, not a missing value."),
        Column("country_iso3", "code", "ISO 3166-1 alpha-3."),
        Column("country_name", "text", "Short name of the country in English."),
        Column("place_name", "text", "The gazetteer's name of what the point stands for."),
        Column("lon", "number", "Longitude in degrees, WGS 84; the centre of an area.", unit="degrees"),
        Column("lat", "number", "Latitude in degrees, WGS 84.", unit="degrees"),
        Column("precision", "code", "What the point stands for; codelist `precision`.", codelist="precision"),
        Column("uncertainty_m", "integer", "Radius in metres that contains the named area.", unit="metres"),
        Column("admin1", "code", "ISO 3166-2 code of the first-level area, where known.", is_nullable=True),
        Column("admin1_name", "text", "Name of the first-level area, where known.", is_nullable=True),
        Column("admin2_name", "text", "Name of the second-level area, where known.", is_nullable=True),
        Column("iso_3166_2", "code", "ISO 3166-2 code of the area itself or the one round it.", is_nullable=True),
        Column("place_id", "code", "Gazetteer identifier, such as geonames:3947322."),
        Column("provider", "code", "Who told where it is."),
        Column("licence", "code", "Licence of what the provider told."),
    ),
)

CHANGES = Table(
    "changes",
    "All changes since a release",
    "difference",
    (
        Column("incident_id", "code", "Identifier of the incident."),
        Column("change", "code", "entered, changed or left."),
        Column("release", "integer", "Number of the release that made the newest change."),
        Column("field", "text", "A column, or a JSON Pointer into the nested record.", is_nullable=True),
        Column("before", "text", "The value in the release `since`; lists are compact JSON.", is_nullable=True),
        Column("after", "text", "The value in the end; lists are compact JSON.", is_nullable=True),
        Column("reason", "code", "Why it entered, left or changed, where that is told.", is_nullable=True),
        Column("withdrawal_reason", "code", "Why it was withdrawn.", is_nullable=True, codelist="withdrawal"),
        Column("superseded_by", "code", "The incident that stands in its place.", is_nullable=True),
    ),
)

TABLES = (INCIDENTS, FIGURES, SOURCES, PLACES, CHANGES)
