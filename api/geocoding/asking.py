"""Asking an online service politely: slowly, with patience that ends, and with errors in words."""

import time
import warnings
from collections.abc import Callable, Mapping
from typing import Any

from geopy.adapters import AdapterHTTPError, get_retry_after
from geopy.exc import (
    GeocoderAuthenticationFailure,
    GeocoderInsufficientPrivileges,
    GeocoderParseError,
    GeocoderQueryError,
    GeocoderQuotaExceeded,
    GeocoderTimedOut,
    GeopyError,
)
from geopy.extra.rate_limiter import RateLimiter

from api.domain.errors import FoundlingError

PAUSE_S = 1.0
"""Between two questions, as the public servers ask of everybody."""
LONGEST_WAIT_S = 60
"""A server that asks for more patience ends the run; what it has answered is kept."""
_ATTEMPTS = 3

Sleep = Callable[[float], None]


class ServiceFailed(FoundlingError):
    """An online service gives no usable answer; the message names it, the reason, and what to do."""


class Asker:
    """Puts questions to one service. `ask` is a geopy geocoder's `geocode`; `server` names it in messages."""

    def __init__(
        self, ask: Callable[..., Any], *, server: str, pause_s: float = PAUSE_S, sleep: Sleep = time.sleep
    ) -> None:
        self._server = server
        self._pause_s = pause_s
        self._sleep = sleep
        self._ask = RateLimiter(
            ask, min_delay_seconds=pause_s, max_retries=0, error_wait_seconds=pause_s, swallow_exceptions=False
        )

    def ask(self, query: str, **options: Any) -> list[Mapping[str, Any]]:
        """The service's answers as it gave them; [] when it knows nothing. Raises ServiceFailed."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                with warnings.catch_warnings():
                    # geopy warns of a latitude beyond the pole before it raises: the error says enough.
                    warnings.simplefilter("ignore", UserWarning)
                    found = self._ask(query, exactly_one=False, **options)
                return [location.raw for location in found or () if location is not None]
            except GeopyError as error:
                wait_s = self._patience_with(error)
                if wait_s is None or wait_s > LONGEST_WAIT_S or attempt == _ATTEMPTS:
                    raise ServiceFailed(f"{self._server} {_in_words(error, wait_s)}") from error
                self._sleep(wait_s)
            except (AttributeError, KeyError, IndexError, TypeError, ValueError, OverflowError) as error:
                # geopy takes the form of an answer for granted.
                raise ServiceFailed(f"{self._server} {NOT_ITS_FORM}") from error
        raise AssertionError("the last attempt returns or raises")

    def _patience_with(self, error: GeopyError) -> float | None:
        """How long to wait before the same question; None when asking again is of no use."""
        status, headers = _http_of(error)
        if status == 429 or status >= 500:
            asked_s = get_retry_after(headers)
            return self._pause_s if asked_s is None else max(float(asked_s), self._pause_s)
        return None


NOT_ITS_FORM = "answered in a form that is not its own: is FOUNDLING_GEOCODER_URL such a server?"


def _http_of(error: GeopyError) -> tuple[int, Mapping[str, str]]:
    """The HTTP status behind an error, 0 for none, with the headers."""
    cause = error.__cause__
    return (cause.status_code, cause.headers or {}) if isinstance(cause, AdapterHTTPError) else (0, {})


def _in_words(error: GeopyError, wait_s: float | None) -> str:
    """The rest of a sentence that begins with the server. What the server wrote is not repeated: it may be anything."""
    status, _ = _http_of(error)
    if status == 429:
        asked = f" and asks to wait {wait_s:,.0f} s" if wait_s and wait_s > PAUSE_S else ""
        return (
            f"has had too many questions (HTTP 429){asked}: run the command again later; its answers so far are kept."
        )
    if status >= 500:
        return f"is out of order (HTTP {status}): run the command again later; its answers so far are kept."
    if isinstance(error, GeocoderAuthenticationFailure | GeocoderInsufficientPrivileges):
        return "refuses this user: check FOUNDLING_GEONAMES_USERNAME, FOUNDLING_GEOCODER_CONTACT and its usage policy."
    if isinstance(error, GeocoderQuotaExceeded):
        return "has given this user all answers of the day: run the command again tomorrow; those so far are kept."
    if status or isinstance(error, GeocoderQueryError):
        return f"refused the question{f' (HTTP {status})' if status else ''}: is FOUNDLING_GEOCODER_URL such a server?"
    if isinstance(error, GeocoderTimedOut):
        return "did not answer in time: run the command again later; its answers so far are kept."
    if isinstance(error, GeocoderParseError):
        return "answered with something that is not JSON: is FOUNDLING_GEOCODER_URL such a server?"
    return f"cannot be reached ({type(error).__name__}): is FOUNDLING_GEOCODER_URL right, and is there a network?"
