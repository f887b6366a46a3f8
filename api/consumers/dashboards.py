"""Dashboards and charts."""

from api.consumers.tool import Paste, Tool

DASHBOARDS: tuple[Tool, ...] = (
    Tool(
        "power-bi",
        "Power BI",
        "Dashboards and charts",
        "A table that refreshes in Desktop and in the Service.",
        (
            Paste(
                "query",
                "Get data › Blank query › Advanced Editor, and paste:",
                """let
    Source = Json.Document(Web.Contents("§home", [RelativePath = "v1/incidents.json", Query = §m_record])),
    Incidents = Table.FromRecords(Source),
    Typed = Table.TransformColumnTypes(Incidents, {
        {"date_start", type date}, {"date_end", type date}, {"lon", type number}, {"lat", type number},
        {"uncertainty_m", Int64.Type}})
in
    Typed""",
            ),
        ),
        "Keep the address in three parts, as here: the Service calls an address that is put together elsewhere a "
        "dynamic data source, and does not refresh it. Country NA is Namibia.",
        is_online=True,
    ),
    Tool(
        "tableau",
        "Tableau",
        "Dashboards and charts",
        "A text file that a scheduled download keeps fresh.",
        (
            Paste("code", "Download, by hand or every night:", "curl --fail --output incidents.csv '§csv'"),
            Paste("address", "Then Connect › Text file. By hand, open this address instead:", "§csv"),
        ),
        "Give lat and lon their geographic roles: right-click › Geographic Role › Latitude, Longitude. Tableau has no "
        "connector for plain addresses any more.",
    ),
    Tool(
        "looker-studio",
        "Looker Studio",
        "Dashboards and charts",
        "Through a Google sheet.",
        (
            Paste(
                "formula",
                "Into cell A1 of a Google sheet; then Create › Data source › Google Sheets:",
                '=IMPORTDATA("§home/v1/incidents.csv§{begin}'
                'fields=id,title,date_start,country_name,place_name,lon,lat,category,outcome")',
            ),
        ),
        'A map there wants one field “lat,lon”: add a calculated field CONCAT(lat, ",", lon) of type Geo.',
        is_online=True,
    ),
    Tool(
        "grafana-infinity",
        "Grafana: Infinity",
        "Dashboards and charts",
        "Tables, counts and time series in panels.",
        (
            Paste("address", "Type JSON, parser Backend, method GET; root and columns stay empty:", "§json"),
            Paste(
                "address",
                "In pages instead: root data, pagination Cursor, cursor field meta.next_cursor, parameter cursor:",
                "§home/v1/incidents?limit=1000§more",
            ),
            Paste(
                "address",
                "A bar chart of counts: type CSV, parser Backend:",
                "§home/v1/incidents/stats.csv?by=country§more",
            ),
        ),
        "Infinity stops after 5 pages: the whole file has none. Allow §host among the data source's hosts. "
        "docs/consumers/grafana.json of the source code is a dashboard to import.",
    ),
    Tool(
        "grafana-geomap",
        "Grafana: Geomap",
        "Dashboards and charts",
        "A layer of disks behind your points.",
        (
            Paste(
                "address",
                "Add layer › GeoJSON, URL:",
                "§home/v1/incidents.geojson?geometry=area§more",
            ),
            Paste(
                "address",
                "Points as a query (Infinity, JSON), layer Markers, location mode Coords, lat and lon:",
                "§json",
            ),
        ),
        "The reader's browser fetches the GeoJSON, not Grafana, so it has to reach the address as well. Its file is "
        "kept for a minute.",
    ),
    Tool(
        "superset",
        "Superset",
        "Dashboards and charts",
        "A table, once uploaded.",
        (Paste("code", "Download, then Data › Upload CSV to database:", "curl --fail --output incidents.csv '§csv'"),),
        "Empty the list of null values, or add NaN in its stead: its NA is Namibia here. deck.gl charts take lon and "
        "lat.",
    ),
    Tool(
        "datawrapper",
        "Datawrapper",
        "Dashboards and charts",
        "A chart or a symbol map that updates by itself.",
        (
            Paste(
                "address", "Chart: Upload data › Link external dataset:", "§home/v1/incidents/stats.csv?by=country§more"
            ),
            Paste(
                "address",
                "Symbol map, by latitude and longitude:",
                "§home/v1/incidents.csv§{begin}fields=title,date_start,lat,lon,country_name,uncertainty_m",
            ),
        ),
        "A symbol stands on the centre of an area: show uncertainty_m in the tooltip, or add precision=settlement.",
        is_online=True,
    ),
    Tool(
        "flourish",
        "Flourish",
        "Dashboards and charts",
        "A chart with live data.",
        (
            Paste(
                "address",
                "Data › Upload data › Connect to live CSV:",
                "§home/v1/incidents.csv§{begin}fields=title,date_start,lat,lon,country_name,category,uncertainty_m",
            ),
        ),
        "Columns are bound by position: keep fields= as it is once the chart is made.",
        is_online=True,
    ),
)
