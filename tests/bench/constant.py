"""The yardstick: a Flask view that gives the same bytes from memory, under the very server of `foundling serve`.

python -m tests.bench.constant BODIES PORT serves each file of the folder BODIES under its name, and /empty as a 304.
"""

from pathlib import Path

import click
from flask import Flask, Response, abort

from api.cli.serve import Server, server_options
from api.settings import Settings


def make_app(folder: Path) -> Flask:
    """The application over the files as they are now."""
    bodies = {path.name: path.read_bytes() for path in folder.iterdir()}
    app = Flask("constant")

    @app.get("/<name>")
    def body(name: str) -> Response:
        if name == "empty":
            return Response(status=304)
        if name not in bodies:
            abort(404)
        return Response(bodies[name], mimetype="application/json")

    return app


class Constant(Server):
    """gunicorn as the product runs it, with another application."""

    def load(self) -> Flask:
        """The constant application."""
        return make_app(Path(self._options_of_ours))

    def __init__(self, folder: Path, *, port: int, workers: int) -> None:
        self._options_of_ours = folder
        settings = Settings()
        super().__init__(settings, server_options("127.0.0.1", port, workers=workers, threads=settings.threads))


@click.command()
@click.argument("bodies", type=click.Path(path_type=Path))
@click.argument("port", type=int)
@click.option("--workers", default=2, show_default=True)
def main(bodies: Path, port: int, workers: int) -> None:
    """Serve the files of the folder BODIES on PORT."""
    Constant(bodies, port=port, workers=workers).run()


if __name__ == "__main__":
    main()
