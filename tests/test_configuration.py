"""Which secrets a command needs of those that aiwire.toml names, and which it never asks for."""

import re
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from cli import running
from configuration import ALL_SECRETS, Configuration, Needs, load_configuration
from store.connect import connect_reader
from tests.conftest import CHECKOUT, as_url
from timeline.secrets import Unset
from timeline.strict import ConfigurationError

TEXT = """
[server]
token_envs = ["TOKEN"]
[[receiver]]
name = "hook"
slack = { webhook_env = "HOOK" }
[[receiver]]
name = "bot"
slack = { token_env = "BOT", channel = "C01" }
[[receiver]]
name = "program"
webhook = { url_env = "URL", secret_env = "SIGN" }
[[receiver]]
name = "mail"
email = { host = "mail.example", from = "a@example.org", to = ["b@example.org"], username = "a", password_env = "MAIL" }
"""
NEEDS = {
    "cli/running.py": ['"receivers"', '"receivers"', '"tokens"', "*ALL_SECRETS"],  # worker, scheduler, serve, up
    "cli/telling.py": ['"receivers"'],  # alerts test
    "cli/capturing.py": ['"receivers"'],  # replay --deliver
}
"""What tells people needs the secrets of the receivers, and the API its tokens."""


def loaded(folder: Path, *secrets: Needs, text: str = TEXT) -> Configuration:
    (folder / "aiwire.toml").write_text(text, encoding="utf-8")
    return load_configuration({"AIWIRE_HOME": str(folder)}, folder=folder, secrets=secrets)


def test_who_tells_nobody_needs_no_secret_and_can_send_nothing(tmp_path: Path) -> None:
    found = loaded(tmp_path)
    assert list(found.alerts.receivers) == ["terminal", "hook", "bot", "program", "mail"]
    assert [token.variable for token in found.tokens if isinstance(token, Unset)] == ["TOKEN"]
    with pytest.raises(RuntimeError, match="without secrets"):
        found.alerts.receivers["hook"].settings.webhook.reveal()  # type: ignore[union-attr]


@pytest.mark.parametrize(("needs", "asked"), [("receivers", "HOOK"), ("tokens", "TOKEN|token_envs")])
def test_who_needs_a_secret_is_told_which_is_missing(tmp_path: Path, needs: Needs, asked: str) -> None:
    with pytest.raises(ConfigurationError, match=asked):
        loaded(tmp_path, needs)


def test_a_mistake_beside_a_secret_is_one_for_everybody(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"line 6.*timeot"):
        loaded(tmp_path, text=TEXT.replace('"HOOK" }', '"HOOK", timeot = "1s" }'))
    assert loaded(tmp_path, *ALL_SECRETS, text="").tokens == ()


@pytest.mark.postgres
def test_migrate_gives_the_reader_the_password_of_the_environment(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    password = "sixteen characters or more"
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "AIWIRE_HOME": tmp_path,
        "DATABASE_URL": database_url,
        "AIWIRE_READER_PASSWORD": password,
    }.items():
        monkeypatch.setenv(name, str(value))
    running.migrate()
    parts = conninfo_to_dict(database_url)
    with connect_reader(as_url({**parts, "user": f"{parts['dbname']}_reader", "password": password})) as reader:
        assert reader.execute("SELECT count(*) FROM timeline.events").fetchone() == (0,)
    with pytest.raises(ConfigurationError, match=r"AIWIRE_READER_PASSWORD: found 5 characters; expected 16"):
        load_configuration({"AIWIRE_READER_PASSWORD": "short"}, folder=tmp_path)


def test_only_what_tells_or_answers_asks_for_secrets() -> None:
    asks = {
        str(path.relative_to(CHECKOUT)): found
        for path in sorted(CHECKOUT.glob("cli/*.py"))
        if (found := sorted(re.findall(r"configured\(([^)]+)\)", path.read_text(encoding="utf-8"))))
        and path.name != "plumbing.py"
    }
    assert asks == NEEDS
