"""Maps without code."""

from api.consumers.tool import Paste, Tool

DESKTOP: tuple[Tool, ...] = (
    Tool(
        "qgis",
        "QGIS",
        "Maps without code",
        "A layer to style and analyse.",
        (
            Paste(
                "address",
                "Layer › Add Layer › Add Vector Layer, source type Protocol: HTTP(S), type GeoJSON:",
                "§geojson",
            ),
            Paste(
                "address",
                "The disks in which the places lie, as areas:",
                "§home/v1/incidents.geojson?geometry=area§more",
            ),
            Paste(
                "code",
                "In the Python console:",
                'layer = QgsVectorLayer("§geojson", "Foundling", "ogr")\nQgsProject.instance().addMapLayer(layer)',
            ),
            Paste(
                "address",
                "Very many incidents, as vector tiles: Layer › Add Layer › Add Vector Tile Layer, a new generic "
                "connection with zoom levels 0 to 10:",
                "§home/v1/tiles/{z}/{x}/{y}.mvt§asked",
            ),
        ),
        "The layer is read once; right-click › Update does it again. Size points by uncertainty_m, or draw the disks: "
        "a point alone says more than is known.",
    ),
    Tool(
        "arcgis-online",
        "ArcGIS Online",
        "Maps without code",
        "A layer from the web in Map Viewer.",
        (
            Paste("address", "Add layer › Add layer from URL, type GeoJSON:", "§geojson"),
            Paste("address", "Or type CSV, which finds lon and lat by itself:", "§csv"),
        ),
        "The reader's browser fetches it, by https alone. One kind of geometry in a file, which these have.",
        is_online=True,
    ),
    Tool(
        "umap",
        "uMap",
        "Maps without code",
        "An OpenStreetMap with the incidents on it.",
        (
            Paste("address", "Edit › Layers › the pencil › Remote data, format GeoJSON:", "§geojson"),
            Paste(
                "address",
                "Only what is in view, with Dynamic switched on:",
                "§home/v1/incidents.geojson§{begin}bbox={west},{south},{east},{north}",
            ),
        ),
        "Switch on Proxy request only if your browser cannot reach the address; the API lets every page read it.",
        is_online=True,
    ),
    Tool(
        "felt",
        "Felt",
        "Maps without code",
        "A layer that Felt fetches.",
        (Paste("address", "Upload Anything › From URL:", "§geojson"),),
        "Felt takes a copy: fetch again for a new release.",
        is_online=True,
    ),
    Tool(
        "kepler",
        "kepler.gl",
        "Maps without code",
        "Points, heat maps and time in the browser.",
        (
            Paste("address", "Add Data › Load Map using URL:", "§csv"),
            Paste(
                "address",
                "Counts by hexagon instead, which become a layer of hexagons:",
                "§home/v1/incidents/hexagons.csv?resolution=2§more",
            ),
            Paste("address", "As a link that opens with the data:", "https://kepler.gl/demo?mapUrl=§encoded_csv"),
        ),
        "Names of columns make the layers: lon and lat become points at once, h3_id hexagons (the last row, without "
        "one, counts what no cell holds). Use date_start for the time filter.",
        is_online=True,
    ),
)
