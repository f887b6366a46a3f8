"""What the README shows is what readers get."""

import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

README = (Path(__file__).parent.parent / "README.md").read_text()
HERE = "http://127.0.0.1:8000"
ADDRESSES = re.findall(rf"`{HERE}(/[^`]*)`", README)
ANSWERS = re.findall(
    rf"^\$ curl -s '{HERE}(/[^']*)' \| python3 -m json\.tool(.*)\n((?:(?!\$|```).*\n)+)", README, re.MULTILINE
)


def test_the_readme_has_seven_addresses_and_answers_to_two_calls() -> None:
    assert (len(ADDRESSES), len(ANSWERS)) == (7, 2)


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_address_to_paste_answers(client: FlaskClient, address: str) -> None:
    with client.get(address) as answer:
        assert answer.status_code == 200
        assert len(answer.get_data()) > 500


@pytest.mark.parametrize(("address", "pipe", "shown"), ANSWERS)
def test_every_answer_shown_is_the_real_one(client: FlaskClient, address: str, pipe: str, shown: str) -> None:
    body = client.get(address).get_json()
    real = json.dumps(body, indent=4).replace("https://data.example.org", HERE).splitlines()
    wanted = re.search(r"grep -E '(.*)'", pipe)
    if wanted:
        real = [line for line in real if re.search(wanted.group(1), line)]
    assert shown.rstrip("\n").splitlines() == real
