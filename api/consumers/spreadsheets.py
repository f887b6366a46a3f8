"""Spreadsheets."""

from api.consumers.tool import Paste, Tool

SPREADSHEETS: tuple[Tool, ...] = (
    Tool(
        "excel",
        "Excel",
        "Spreadsheets",
        "A workbook to keep, or a table that refreshes.",
        (
            Paste("address", "To keep: open this address in a browser; it downloads a workbook.", "§xlsx"),
            Paste(
                "query",
                "To refresh: Data › Get Data › From Other Sources › Blank Query › Advanced Editor, and paste:",
                """let
    Source = Json.Document(Web.Contents("§home", [RelativePath = "v1/incidents.json", Query = §m_record])),
    Incidents = Table.FromRecords(Source)
in
    Incidents""",
            ),
        ),
        "Opening a CSV by double click turns 2018-10 into a date and breaks accents. The workbook does neither; "
        "it holds up to 100,000 rows.",
    ),
    Tool(
        "google-sheets",
        "Google Sheets",
        "Spreadsheets",
        "A sheet that Google fetches again about once an hour.",
        (
            Paste(
                "formula",
                "Into cell A1:",
                '=IMPORTDATA("§home/v1/incidents.csv§{begin}'
                'fields=id,title,date_start,date_end,country_name,place_name,lon,lat,precision,uncertainty_m,outcome")',
            ),
            Paste(
                "formula",
                "Counts by country and year instead:",
                '=IMPORTDATA("§home/v1/incidents/stats.csv?by=country,year§more")',
            ),
        ),
        "IMPORTDATA refuses large files: name the columns that you need, or take counts. Date columns here are full "
        "dates; date_edtf is not, and Sheets would make dates of it.",
        is_online=True,
    ),
    Tool(
        "libreoffice",
        "LibreOffice Calc",
        "Spreadsheets",
        "A workbook to keep, or a sheet linked to the address.",
        (
            Paste("address", "File › Open, and paste as the file name:", "§xlsx"),
            Paste("address", "Linked: Sheet › Link to External Data, and paste:", "§csv"),
        ),
        "For the CSV choose UTF-8 and comma, and tick “Format quoted field as text”: then 2018-10 and 007 stay text.",
    ),
)
