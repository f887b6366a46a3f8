"""The command group; a command's module is imported only when it is called."""

import errno
import importlib

import click

from api.domain.errors import FoundlingError
from api.settings import InvalidSetting

_COMMANDS = {
    "check": ("api.cli.check", "Check the seeds and list every problem, with file and line."),
    "geocode": ("api.cli.geocode", "Find the places of the seeds and write them down for review."),
    "locate": ("api.cli.locate", "Look a place up in the gazetteer."),
    "accuracy": ("api.cli.accuracy", "Measure the gazetteer against places whose truth is known."),
    "publish": ("api.cli.publish", "Publish the seeds as a new release."),
    "redact": ("api.cli.redact", "Take a record's text out of every release."),
    "export": ("api.cli.export", "Write the files of a release."),
    "serve": ("api.cli.serve", "Serve the API and the map."),
    "openapi": ("api.cli.openapi", "Print or check the OpenAPI document and the JSON Schema."),
    "db": ("api.cli.database", "Look after the database."),
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports them late."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of work."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now."""
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(_COMMANDS[cmd_name][0])
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The short helps, which stand here so that asking for help imports nothing."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, short) for name, (_, short) in _COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> object:
        """Runs a command; errors of ours are said in a line, without a traceback."""
        try:
            return super().invoke(ctx)
        except (FoundlingError, InvalidSetting) as error:
            raise click.ClickException(str(error)) from error
        except OSError as error:
            if error.errno == errno.EPIPE or error.filename is None:
                raise  # whoever read our output has gone: click ends in silence
            raise click.ClickException(f"{error.filename}: {error.strerror}.") from error


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="foundling", prog_name="foundling")
def main() -> None:
    """Curate, publish and serve an open record of child-trafficking incidents.

    \b
    From the seeds to the map:
      foundling check
      foundling publish
      foundling serve --port 8000

    Settings come from the environment (FOUNDLING_SEEDS, FOUNDLING_DATA, …); docs/operating.md lists them all.
    """


if __name__ == "__main__":
    main()
