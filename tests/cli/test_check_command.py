"""`foundling check` as a curator meets it."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from api.cli.main import main

ROOT = Path(__file__).parents[2]


def invoke(seeds: Path, tmp_path: Path, *arguments: str) -> Result:
    environ = {"FOUNDLING_SEEDS": str(seeds), "FOUNDLING_DATABASE_URL": f"sqlite:///{tmp_path / 'foundling.sqlite'}"}
    return CliRunner().invoke(main, arguments or ("check",), env=environ)


def spoil(seeds: Path, name: str, old: str, new: str) -> int:
    """Replaces the first `old` and returns its line."""
    path = seeds / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_clean_seeds_exit_0_with_a_count(copied: Path, tmp_path: Path) -> None:
    result = invoke(copied, tmp_path)
    assert result.exit_code == 0
    assert result.stdout.endswith(" incidents checked: 0 errors, 0 warnings.\n")
    assert result.stderr == ""
    assert not (tmp_path / "foundling.sqlite").exists(), "checking makes no database"


def test_every_error_is_a_line_with_its_file_line_record_and_rule(copied: Path, tmp_path: Path) -> None:
    first = spoil(copied, "incidents/PE.json", '"infant_sale_ring"', '"fictive_ring"')
    second = spoil(copied, "incidents/NG.json", '"en": "', '"en": "Mr Testa Fictiva said it. ')
    result = invoke(copied, tmp_path)
    assert result.exit_code == 1
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert lines[0].startswith(f"incidents/NG.json:{second}: NG-2008-0001 error [name-title] ")
    assert lines[1].startswith(f"incidents/PE.json:{first}: PE-")
    assert " error [unknown-code] " in lines[1]
    assert lines[2].endswith(" incidents checked: 2 errors, 0 warnings.")
    assert "Fictiva" not in result.output
    assert "fictive_ring" not in result.output


def test_warnings_alone_exit_0(copied: Path, tmp_path: Path) -> None:
    sources = json.loads((copied / "sources.json").read_text(encoding="utf-8"))
    sources.append({**sources[0], "id": "uncited-2018", "url": None})
    (copied / "sources.json").write_text(json.dumps(sources, indent=1), encoding="utf-8")
    result = invoke(copied, tmp_path)
    assert result.exit_code == 0
    assert result.stdout.endswith("0 errors, 1 warning.\n")
    assert "uncited-2018 warning [uncited-source]" in result.stderr


def test_ids_that_were_published_are_looked_up(copied: Path, tmp_path: Path) -> None:
    assert invoke(copied, tmp_path, "publish").exit_code == 0
    (copied / "incidents" / "NG.json").write_text("[]", encoding="utf-8")
    result = invoke(copied, tmp_path)
    assert result.exit_code == 1
    assert "withdrawn.json: NG-2018-0001 error [vanished-id]" in result.stderr
    assert result.stderr.count("[vanished-id]") > 50


def test_the_option_chooses_the_directory(copied: Path, tmp_path: Path) -> None:
    (copied / "context.json").unlink()
    assert invoke(ROOT / "seeds", tmp_path, "check", "--seeds", str(copied)).exit_code == 1
    missing = invoke(ROOT / "seeds", tmp_path, "check", "--seeds", str(tmp_path / "absent"))
    assert missing.exit_code == 1
    assert "There is no such directory of seeds." in missing.stderr
    assert missing.stderr.endswith("0 incidents checked: 1 error, 0 warnings.\n")
