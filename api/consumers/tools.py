"""Every tool, in the order of the page: what /use, the tests and docs/consumers.md read."""

from api.consumers.dashboards import DASHBOARDS
from api.consumers.desktop import DESKTOP
from api.consumers.programs import PROGRAMS
from api.consumers.spreadsheets import SPREADSHEETS
from api.consumers.tool import GROUPS, Tool
from api.consumers.web import WEB

TOOLS: tuple[Tool, ...] = tuple(
    sorted((*SPREADSHEETS, *DASHBOARDS, *DESKTOP, *WEB, *PROGRAMS), key=lambda tool: GROUPS.index(tool.group))
)

BY_KEY = {tool.key: tool for tool in TOOLS}
