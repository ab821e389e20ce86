import copy
import json
import pickle
from dataclasses import asdict, dataclass

import pytest

from timeline.secrets import Secret, strike

TEXT = "https://hooks.slack.example/services/T000/B000/abcdefgh?key=hunter22"


@dataclass(frozen=True, kw_only=True)
class Holder:
    secret: Secret


def test_nothing_but_reveal_gives_it_away() -> None:
    secret = Secret(TEXT)
    holder = Holder(secret=secret)
    for shown in (str(secret), repr(secret), f"{secret}", f"{secret!r:>40}", repr(holder), f"{asdict(holder)}"):
        assert "hooks" not in shown
        assert "abcdefgh" not in shown
    assert secret.reveal() == TEXT
    assert copy.deepcopy(secret) == secret == Secret(TEXT) != Secret("other")
    with pytest.raises(TypeError):
        json.dumps(secret)
    with pytest.raises(TypeError):
        pickle.dumps(secret)


def test_strike_takes_it_out_of_any_text() -> None:
    text = f"POST {TEXT} failed; path /services/T000/B000/abcdefgh?key=hunter22; also key=hunter22; token abcdefgh"
    struck = strike(text, [Secret(TEXT)])
    assert "abcdefgh" not in struck
    assert "hunter22" not in struck
    assert struck.startswith("POST [secret] failed")


def test_strike_takes_out_what_is_no_address_too() -> None:
    for text in ("http://[::1/services/T0", "https://x", "postgresql://user:hunter22@db/aiwire"):
        assert "services" not in strike(f"bad: {text}", [Secret(text)])
    assert strike("password hunter22", [Secret("postgresql://user:hunter22@db/aiwire")]) == "password [secret]"
