"""GeoPackage and FlatGeobuf, as GDAL writes them from Arrow batches; both with an index of places."""

from collections.abc import Iterable
from pathlib import Path

import pyogrio
from pyogrio.raw import write_arrow

from api.formats import arrow
from api.formats.contents import Contents
from api.formats.rows import Incidents

_WGS84 = "EPSG:4326"


def write_geopackage(batches: Iterable[Incidents], contents: Contents, path: Path) -> None:
    """A GeoPackage of one layer with an R*Tree; title, licence and citation are in its metadata tables."""
    # What GDAL notes as the time of writing; so equal releases give equal files.
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": contents.published.replace("Z", ".000Z")})
    _write(
        batches,
        contents,
        path,
        driver="GPKG",
        layer_options={"SPATIAL_INDEX": "YES", "IDENTIFIER": contents.title, "DESCRIPTION": contents.description},
    )


def write_flatgeobuf(batches: Iterable[Incidents], contents: Contents, path: Path) -> None:
    """A FlatGeobuf with a packed Hilbert R-tree, by which features are found with a few ranged requests."""
    _write(
        batches,
        contents,
        path,
        driver="FlatGeobuf",
        layer_options={"SPATIAL_INDEX": "YES", "TITLE": contents.title, "DESCRIPTION": contents.description},
    )


def _write(
    batches: Iterable[Incidents], contents: Contents, path: Path, *, driver: str, layer_options: dict[str, str]
) -> None:
    terms = contents.terms()
    write_arrow(
        arrow.reader(batches),
        str(path),
        layer=contents.table.name,
        driver=driver,
        geometry_name=arrow.GEOMETRY,
        geometry_type="Point",
        crs=_WGS84,
        layer_metadata=terms,
        dataset_metadata=terms if driver == "GPKG" else None,
        layer_options=layer_options,
    )
