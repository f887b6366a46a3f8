"""Gazetteers for the tests (one of a few rows, the whole one in var/), and an online service on this machine."""

import json
import lzma
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from api.geocoding import tables
from api.geocoding.gazetteer import Gazetteer
from api.geocoding.matching import Matcher, open_matcher
from api.geocoding.providers import OnlineProvider
from api.geocoding.services import Access, open_service

ROOT = Path(__file__).parents[2]

_AREA = "geonameid,iso_3166_2,country,name,population,lon,lat,radius_m,radius_from,other_names"
_HEADERS = {
    tables.COUNTRIES: "iso2,iso3,geonameid,name,capital,population,lon,lat,radius_m,radius_from,other_names",
    tables.ADMIN1: "geonames_code,geonameid,iso_3166_2,country,name,type,population,lon,lat,radius_m,radius_from,"
    "other_names",
    tables.ADMIN2: "geonames_code,geonameid,iso_3166_2,country,name,population,settlements,lon,lat,radius_m,"
    "radius_from,other_names",
    tables.SETTLEMENTS: "geonameid,name,country,admin1,admin2,lon,lat,population,feature,other_names",
    tables.EXTRA: "name,country,admin1,lon,lat,radius_m,source",
    tables.WARDS: "name,lga,admin1,iso_3166_2,geonames_admin2,geonameid,lon,lat,radius_m",
}
_HEADERS[tables.ADMIN2_SUPPLEMENT] = _HEADERS[tables.ADMIN2]

# A country of two states. Elm is a city, the state around it and a district; Oak is a village in both states.
SMALL: dict[str, list[str]] = {
    tables.COUNTRIES: [
        "AA,AAA,1,Arbor,Elm,5000000,10,10,500000,polygon,Arboria|Baumland",
        "BB,BBB,2,Beech,Fern,900000,30,30,300000,polygon,",
    ],
    tables.ADMIN1: [
        "AA.01,11,AA-EL,AA,Elm,State,3000000,10,10,200000,polygon,Olmo",
        "AA.02,12,AA-PI,AA,Pine State,State,400000,14,10,30000,polygon,West Arbor",
        "BB.01,21,,BB,Fern,District,300000,30,30,90000,polygon,",
    ],
    tables.ADMIN2: [
        "AA.01.a,111,,AA,Elm District,2000000,9,10.1,10.1,60000,voronoi,",
        "AA.01.b,112,,AA,Kabupaten Hazel,9000,2,10.9,10.2,30000,voronoi,",
        "AA.01.c,113,,AA,Rowan,2000,1,11.2,10.9,15000,voronoi,",
        "AA.02.a,121,,AA,Larch,0,1,14.1,10.1,20000,voronoi,",
    ],
    tables.ADMIN2_SUPPLEMENT: ["AA.02.b,122,AA-PX,AA,Cedar,0,0,14.2,9.9,12000,hand,"],
    tables.SETTLEMENTS: [
        "1001\tElm\tAA\t01\ta\t10\t10\t1500000\tPPLA\tUlme|Olmo|Эльм",
        "1002\tElm\tBB\t01\t\t30\t30.5\t20000\tPPL\t",
        "1003\tOak\tAA\t01\tb\t10.9\t10.2\t4999\tPPL\t",
        "1004\tOak\tAA\t02\ta\t14.1\t10.1\t0\tPPL\t",
        "1005\tHazel\tAA\t01\tb\t10.8\t10.25\t700\tPPLA2\t",
        "1006\tRowan\tAA\t01\tc\t11.2\t10.9\t2000\tPPLA3\t",
        "1007\tPine City\tAA\t02\ta\t14\t10\t9000000\tPPL\t",
        "1008\tFern\tBB\t01\t\t30\t30\t80000\tPPLC\tElmtown",
        "1009\tOak Harbour\tAA\t01\ta\t10.2\t10.1\t5000\tPPL\t",
        "1011\tYew\tAA\t01\t\t13.8\t10.05\t20000\tPPL\t",
        "1010\tThorn\tBB\t01\t\t30.2\t30.2\t900\tPPL\t",
    ],
    tables.EXTRA: ["Maple\tAA\t01\t10.3\t10.3\t5000\ttest", "Elm\tAA\t02\t14.3\t10.3\t5000\ttest"],
    tables.WARDS: ["Old Market,Larch,02,AA-PI,AA.02.a,121,14.1,10.1,20000"],
}  # fmt: skip


def write_tables(folder: Path, rows: dict[str, list[str]]) -> Path:
    """All tables, those not among `rows` empty."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, header in _HEADERS.items():
        is_tabbed = name.endswith(".xz")
        text = "\n".join([header.replace(",", "\t") if is_tabbed else header, *rows.get(name, [])]) + "\n"
        if is_tabbed:
            (folder / name).write_bytes(lzma.compress(text.encode()))
        else:
            (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def small_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tables(tmp_path_factory.mktemp("tables"), SMALL)


@pytest.fixture(scope="session")
def small(small_tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Matcher]:
    matcher = open_matcher(small_tables, tmp_path_factory.mktemp("index") / "gazetteer.sqlite")
    yield matcher
    matcher.lookup.close()


@pytest.fixture(scope="session")
def gazetteer() -> Iterator[Gazetteer]:
    """The whole gazetteer, as shipped."""
    whole = Gazetteer(ROOT / "seeds" / "gazetteer", ROOT / "var" / "gazetteer.sqlite")
    yield whole
    whole.close()


class Server:
    """Answers one after the other, the last one for ever, and notes what it is asked."""

    def __init__(self) -> None:
        self.answers: list[SimpleNamespace] = []
        self.asked: list[dict[str, str]] = []
        self.agents: list[str] = []
        self.times: list[float] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.times.append(time.monotonic())
                outer.asked.append({key: values[0] for key, values in parse_qs(urlsplit(self.path).query).items()})
                outer.agents.append(self.headers["User-Agent"])
                answer = outer.answers.pop(0) if len(outer.answers) > 1 else outer.answers[0]
                time.sleep(answer.delay_s)
                body = (answer.body if isinstance(answer.body, str) else json.dumps(answer.body)).encode()
                try:
                    self.send_response(answer.status)
                    for name, value in {"Content-Type": "application/json", **answer.headers}.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                except OSError:
                    pass  # the client did not wait

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def close(self) -> None:
        """Answers no more."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


@pytest.fixture
def connect(server: Server, gazetteer: Gazetteer, tmp_path: Path) -> Callable[..., OnlineProvider]:
    """Opens a service of that name on the server, which gives the answers.

    An answer is what its body says, or a namespace of `body`, `status`, `headers` and `delay_s`.
    """

    def make(
        name: str, *answers: Any, pause_s: float = 0.0, sleep: Any = None, today: date = date(2026, 11, 24)
    ) -> OnlineProvider:
        server.answers = [a if isinstance(a, SimpleNamespace) else _plain(a) for a in answers or ([],)]
        access = Access(
            "maps@example.org", url=server.url, username="someone", timeout_s=0.5, pause_s=pause_s, sleep=sleep
        )
        return open_service(name, access, gazetteer=gazetteer, cache=tmp_path / "data" / "replies.sqlite", today=today)

    return make


def _plain(body: Any) -> SimpleNamespace:
    return SimpleNamespace(body=body, status=200, headers={}, delay_s=0.0)
