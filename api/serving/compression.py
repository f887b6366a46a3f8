"""Compression of answers, each coding at its quickest; gzip by ISA-L, four times as fast as zlib for fewer bytes."""

from types import SimpleNamespace
from typing import Any

import flask_compress.flask_compress as library
from flask import Flask
from flask_compress import Compress
from isal import igzip, isal_zlib

from api.formats.citations import FORMS
from api.formats.registry import FORMATS
from api.tiles import mvt

_COMPRESSED = [
    "text/html", "text/css", "text/javascript", "image/svg+xml", "application/json", "application/problem+json",
    "application/schema+json", mvt.MEDIA_TYPE,
    *(form.media_type.partition(";")[0] for form in FORMATS if not form.is_compressed),
    *(form.media_type.partition(";")[0] for form in FORMS.values()),
]  # fmt: skip


def compress(app: Flask) -> None:
    """Compresses what `app` answers from here on, by Accept-Encoding."""
    # Flask-Compress asks this name for its codings, and has no setting for another gzip.
    codings = vars(library)["compression"]
    streams = SimpleNamespace(
        compressobj=_Prompt, DEFLATED=isal_zlib.DEFLATED, MAX_WBITS=isal_zlib.MAX_WBITS, compress=isal_zlib.compress
    )
    vars(library)["compression"] = SimpleNamespace(gzip=igzip, zlib=streams, zstd=codings.zstd)
    app.config.update(
        COMPRESS_MIMETYPES=_COMPRESSED,
        COMPRESS_ALGORITHM=["zstd", "br", "gzip"],
        COMPRESS_ALGORITHM_STREAMING=["zstd", "br", "gzip"],
        COMPRESS_LEVEL=1,
        COMPRESS_BR_LEVEL=1,
        COMPRESS_ZSTD_LEVEL=1,
    )
    Compress(app)


class _Prompt:
    """A stream that gives out each chunk when it comes: ISA-L would keep megabytes back, and the reader waiting."""

    def __init__(self, *options: Any) -> None:
        self._stream = isal_zlib.compressobj(*options)

    def compress(self, chunk: bytes) -> bytes:
        return self._stream.compress(chunk) + self._stream.flush(isal_zlib.Z_SYNC_FLUSH)

    def flush(self) -> bytes:
        return self._stream.flush()
