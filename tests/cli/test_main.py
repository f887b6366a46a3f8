"""The command line as a whole: help for everything, errors in a line."""

import importlib.metadata
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from api.cli.main import main

ROOT = Path(__file__).parents[2]


def invoke(*arguments: str, environ: Mapping[str, str] | None = None) -> Result:
    return CliRunner().invoke(main, arguments, env=environ)


def every_command() -> Iterator[tuple[str, ...]]:
    context = click.Context(main)
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command is not None
        yield (name,)
        if isinstance(command, click.Group):
            yield from ((name, inner) for inner in command.commands)


COMMANDS = list(every_command())


def test_the_commands_stand_in_the_order_of_work() -> None:
    order = "check geocode locate accuracy publish redact export serve openapi db".split()
    names = [names[0] for names in COMMANDS if len(names) == 1]
    assert names == sorted(names, key=order.index)


@pytest.mark.parametrize("names", COMMANDS, ids=" ".join)
def test_every_command_helps_with_an_example(names: tuple[str, ...]) -> None:
    result = invoke(*names, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: main {' '.join(names)}")
    is_group = names == ("db",)
    assert is_group or "Example" in result.stdout
    assert is_group or f"\n    foundling {' '.join(names)}" in result.stdout
    assert invoke(*names, "-h").stdout == result.stdout


@pytest.mark.parametrize("names", COMMANDS, ids=" ".join)
def test_every_option_says_what_it_does(names: tuple[str, ...]) -> None:
    command: click.Command = main
    for name in names:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), name)
        assert found is not None
        command = found
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name


def test_help_lists_every_command_with_what_it_does() -> None:
    text = invoke("--help").stdout
    for names in COMMANDS:
        if len(names) == 1:
            assert f"\n  {names[0]} " in text
    assert invoke().exit_code == 2


def test_the_version_is_the_distributions() -> None:
    assert invoke("--version").stdout == f"foundling, version {importlib.metadata.version('foundling')}\n"


def test_an_unknown_command_is_told() -> None:
    result = invoke("pubish")
    assert result.exit_code == 2
    assert "No such command 'pubish'" in result.stderr


@pytest.mark.parametrize("arguments", [
    ("check", "--sedes"), ("publish", "extra"), ("serve", "--port", "0"), ("serve", "--port", "http"),
    ("serve", "--workers", "0"), ("db", "downgrade"), ("openapi", "--write", "now"),
])  # fmt: skip
def test_a_wrong_argument_is_told_with_the_usage(arguments: tuple[str, ...]) -> None:
    result = invoke(*arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith("Usage: main")
    assert "Traceback" not in result.output


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def errors(tmp_path: Path) -> list[tuple[tuple[str, ...], dict[str, str], str]]:
    (tmp_path / "text.sqlite").write_text("This is no database, but a text. " * 30, encoding="utf-8")
    (tmp_path / "file").touch()
    absent, broken = f"sqlite:///{tmp_path}/absent.sqlite", f"sqlite:///{tmp_path}/text.sqlite"
    return [
        (("check",), {"FOUNDLING_THREADS": "many"}, "FOUNDLING_THREADS must be a whole number from 1 to 1024"),
        (("publish",), {"FOUNDLING_PUBLIC_URL": "data.example.org"}, "FOUNDLING_PUBLIC_URL must be an address"),
        (("publish",), {"FOUNDLING_DATABASE_URL": "nonsense"}, "is no database URL; write sqlite:"),
        (("check",), {"FOUNDLING_DATABASE_URL": "mysql://x/y"}, "must name a SQLite file or PostgreSQL"),
        (("serve", "--port", free_port()), {"FOUNDLING_DATABASE_URL": absent}, "Run `foundling publish` first"),
        (
            ("serve", "--port", free_port()),
            {"FOUNDLING_DATABASE_URL": broken},
            "text.sqlite cannot be used: file is not a database",
        ),
        (("check",), {"FOUNDLING_DATABASE_URL": broken}, "text.sqlite cannot be used: file is not a database"),
        (("publish",), {"FOUNDLING_DATABASE_URL": broken}, "text.sqlite cannot be used: file is not a database"),
        (("db", "upgrade"), {"FOUNDLING_DATABASE_URL": broken}, "text.sqlite cannot be used: file is not a database"),
        (("publish",), {"FOUNDLING_DATA": str(tmp_path / "file")}, "Cannot make the folder"),
        (("publish",), {"FOUNDLING_DATA": str(tmp_path / "file" / "in")}, "Cannot make the folder"),
    ]


@pytest.mark.parametrize("number", range(11))
def test_an_error_is_one_line_without_a_traceback(tmp_path: Path, number: int) -> None:
    arguments, environ, message = errors(tmp_path)[number]
    plain = dict.fromkeys(("FOUNDLING_DATABASE_URL", "FOUNDLING_DATA", "FOUNDLING_THREADS", "FOUNDLING_PUBLIC_URL"), "")
    plain |= {"FOUNDLING_SEEDS": str(ROOT / "seeds"), "FOUNDLING_DATA": str(tmp_path / "var")}
    result = invoke(*arguments, environ=plain | environ)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_db_upgrade_says_whether_there_was_anything_to_do(tmp_path: Path) -> None:
    environ = {"FOUNDLING_DATABASE_URL": f"sqlite:///{tmp_path / 'new.sqlite'}"}
    assert invoke("db", "upgrade", environ=environ).stdout == "Upgraded.\n"
    assert invoke("db", "upgrade", environ=environ).stdout == "Up to date.\n"


def test_help_of_all_imports_no_command() -> None:
    """Asking for help is quick: what a command needs is imported when it is called."""
    code = (
        "import sys\nfrom click.testing import CliRunner\nfrom api.cli.main import main\n"
        "assert CliRunner().invoke(main, ['--help']).exit_code == 0\n"
        "print(sorted(m for m in sys.modules if m.split('.')[0] in ('sqlalchemy', 'flask', 'geopy', 'marshmallow')))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = [sys.executable, "-m", "api.cli.main", "openapi"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()
