"""Routes: strict reading of the configuration, and which event goes where."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from alerts.matching import match
from alerts.notifiers.slack import SlackSettings
from alerts.notifiers.terminal import TerminalSettings
from alerts.routes import AlertConfig, parse_alerts
from alerts.routing import Change, Route, Sum, default_routes, event_kinds
from alerts.watchlists import Watched, Watchlist
from tests.alerts.examples import deal, event, price, retirement, side, status
from timeline.clockwork import MILESTONES
from timeline.events import Event
from timeline.strict import ConfigurationError, load

HOOK = "https://hooks.slack.example/services/T0/B0/s3cr3tt0ken"
FULL = """
[[receiver]]
name = "finops"
slack = { webhook_env = "SLACK_WEBHOOK_URL" }

[[receiver]]
name = "local"
slack = { webhook = "http://127.0.0.1:9999/x", allow_hosts = ["127.0.0.1:9999"] }

[[route]]
receiver = "finops"
kinds = ["price.changed", "price.scheduled"]
providers = ["openai", "anthropic"]
models = ["gpt-5*", "claude-*"]
meters = ["input", "output"]
direction = "cut"
min_change_pct = 5
trust = ["official"]
digest = "instant"

[[route]]
receiver = "local"

[[workload]]
name = "support-bot"
model = "openai/gpt-4o"
requests_per_day = 100000
input_tokens = 500
output_tokens = 200
cached_share = 0.3
batch = false
"""


def parse(text: str, **environ: str) -> AlertConfig:
    table = load(text, "aiwire.toml")
    config = parse_alerts(table, environ)
    table.finish()
    return config


@pytest.mark.parametrize("webhook", ["http://127.0.0.1:9/services/a", None])
def test_in_a_rehearsal_no_receiver_is_a_real_one(webhook: str | None) -> None:
    others = """
[[receiver]]
name = "a/b"
email = { host = "smtp.example.org", from = "a@example.org", to = ["b@example.org"] }
[[receiver]]
name = "bot"
slack = { token_env = "TOKEN", channel = "C0" }
[[receiver]]
name = "hook"
webhook = { url = "https://hooks.example.org/x", secret_env = "KEY" }
"""
    secret = "whsec_" + "MDEy" * 8
    config = parse(FULL + others, SLACK_WEBHOOK_URL=HOOK, TOKEN="xoxb-1", KEY=secret).stood_in_for(webhook)
    assert set(config.receivers) == {"terminal", "finops", "local", "a/b", "bot", "hook"}
    for name, receiver in config.receivers.items():
        if webhook is None:
            assert isinstance(receiver.settings, TerminalSettings)
        else:
            assert isinstance(receiver.settings, SlackSettings)
            assert receiver.settings.webhook.reveal() == f"{webhook}/{name.replace('/', '%2F')}"
            assert receiver.settings.allow_hosts == ("127.0.0.1:9",)
    assert [route.receiver for route in config.routes[:2]] == ["finops", "local"]


def test_a_stand_in_is_on_this_machine() -> None:
    with pytest.raises(ValueError, match="on this machine"):
        parse("").stood_in_for("https://hooks.slack.com/services/x")


def test_a_full_configuration_is_read() -> None:
    config = parse(FULL, SLACK_WEBHOOK_URL=HOOK)
    settings = config.receivers["finops"].settings
    assert isinstance(settings, SlackSettings)
    assert settings.webhook.reveal() == HOOK
    assert config.receivers_named == ("finops", "local")
    first, second = config.routes
    assert (first.receiver, first.kinds, first.meters) == (
        "finops",
        ("price.changed", "price.scheduled"),
        ("input", "output"),
    )
    assert (first.direction, first.min_change_pct, first.trust) == ("cut", Decimal(5), ("official",))
    assert "price.changed" in second.kinds
    (workload,) = config.workloads
    assert (workload.provider, workload.model, workload.cached_share) == ("openai", "gpt-4o", Decimal("0.3"))


def test_nothing_configured_goes_to_the_terminal_by_the_default_routes() -> None:
    config = parse("")
    assert list(config.receivers) == ["terminal"]
    assert config.receivers_named == ()
    assert config.routes == default_routes("terminal")


def test_receivers_without_routes_get_the_default_routes() -> None:
    config = parse('[[receiver]]\nname = "a"\nslack = { webhook = "https://x.example/1" }')
    assert {route.receiver for route in config.routes} == {"a"}


def test_a_route_for_one_receiver_leaves_the_others_their_default_routes() -> None:
    two = "".join(
        f'[[receiver]]\nname = "{name}"\nslack = {{ webhook = "https://x.example/{name}" }}\n' for name in "ab"
    )
    config = parse(f'{two}[[route]]\nreceiver = "a"\nkinds = ["news.*"]\n')
    assert [route.kinds for route in config.routes if route.receiver == "a"] == [("news.*",)]
    assert tuple(route for route in config.routes if route.receiver == "b") == default_routes("b")
    assert len(config.routes) == 1 + len(default_routes("b"))


def test_a_provider_is_known_by_any_case_and_one_of_a_source_of_ones_own_is_none_misspelt() -> None:
    text = '[[route]]\nreceiver = "terminal"\nproviders = ["OpenAI", "vercel", "opnai"]\n'
    table = load(text, "aiwire.toml")
    assert parse_alerts(table, {}, sellers=["opnai"]).routes[0].providers == ("openai", "vercel", "opnai")


BAD = sorted((Path(__file__).parent / "bad_configurations").glob("*.toml"))


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_a_mistake_names_place_and_remedy(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    expected = text.rpartition("# error: ")[2].strip()
    with pytest.raises(ConfigurationError) as caught:
        parse(text)
    assert expected in str(caught.value)
    assert str(caught.value).startswith("aiwire.toml, line ")


@pytest.mark.parametrize(
    "receiver",
    [
        f'slack = {{ webhook_env = "{HOOK}" }}',  # the address where the variable's name belongs
        f'slack = {{ webhook = ["{HOOK}"] }}',
        f'slack = {{ webhook = "x{HOOK}" }}',
        f'slack = {{ webhook = "{HOOK}", webhook_env = "{HOOK}" }}',
        f'slack = {{ webhook = "{HOOK}", extra = "{HOOK}" }}',
        f'slack = "{HOOK}"',
        f'slack = ["{HOOK}"]',
        f'slack = {{ webhook = "http://127.0.0.1:1/x", timeout = "{HOOK}" }}',
        f'slack = {{ webhook = "http://127.0.0.1:1/x", allow_hosts = "{HOOK}" }}',
        'slack = { webhook_env = "s3cr3tt0ken" }',
        'email = "s3cr3t"',
        'email = { host = "x", from = "a@example.org", to = ["https://hooks.example/s3cr3t"] }',
    ],
)
def test_no_mistake_shows_a_webhook(receiver: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse(f'[[receiver]]\nname = "a"\n{receiver}\n')
    assert "s3cr3t" not in str(caught.value)


def test_a_configuration_does_not_print_its_webhooks() -> None:
    config = parse(FULL, SLACK_WEBHOOK_URL=HOOK)
    assert "s3cr3t" not in repr(config) + str(config) + f"{config!r}"


CUT = price("input", "1.00", "0.50")
BATCH = {"service_tier": "batch"}
LONG = {"context_over": 200_000}
LEAST = Change(amount=Decimal("0.25"), currency="USD", per=Decimal(1_000_000), unit="token")
OURS = Watchlist(name="ours", models=(Watched(name="openai/gpt-5.6-luna"),))


def due(days: int, **changes: Any) -> Event:
    return event("model.retirement_due", new={"retires_on": "2026-08-26", "days": days}, **changes)


def news(*topics: str) -> Event:
    return event("news.published", None, new={"title": "x", "topics": list(topics)})


MATCHES: list[tuple[dict[str, Any], Any, str]] = [
    ({}, CUT, "match"),
    ({"kinds": ("price.*",)}, CUT, "match"),
    ({"kinds": ("model.*",)}, CUT, "kind"),
    ({"providers": ("openai",)}, CUT, "match"),
    ({"providers": ("anthropic",)}, CUT, "provider"),
    ({"models": ("gpt-5*",)}, CUT, "match"),
    ({"models": ("GPT-5*",)}, CUT, "match"),
    ({"models": ("openai/gpt-5*",)}, CUT, "match"),
    ({"models": ("claude-*",)}, CUT, "model"),
    (
        {"models": ("claude-opus-4-5-20251101",)},
        event("price.changed", "Claude Opus 4.5", model_id="claude-opus-4-5", provider="anthropic"),
        "match",
    ),
    ({"models": ("claude-*",)}, event("source.broken", None), "model"),
    ({"meters": ("output",)}, CUT, "meter"),
    ({"direction": "rise"}, CUT, "direction"),
    ({"direction": "cut"}, CUT, "match"),
    ({"min_change_pct": Decimal(50)}, CUT, "match"),
    ({"min_change_pct": Decimal("50.01")}, CUT, "below_threshold"),
    ({"min_change_pct": Decimal(99)}, price("input", "1", "2", change_pct=None), "match"),
    ({"meters": ("output",), "direction": "cut", "min_change_pct": Decimal(5)}, retirement(), "match"),
    ({"trust": ("official",)}, price("input", "1", "2", trust="catalogue"), "trust"),
    ({"subject_kinds": ("endpoint",)}, CUT, "subject_kind"),
    ({"subject_kinds": ("model",)}, CUT, "match"),
    ({"subject_kinds": ("endpoint",)}, event("news.published", None, subject_kind=None), "match"),
    ({"conditions": {"service_tier": ("batch",)}}, CUT, "conditions"),
    ({"conditions": {"service_tier": ("standard",)}}, CUT, "match"),
    ({"conditions": {"service_tier": ("batch", "flex")}}, price("input", "1", "2", conditions=BATCH), "match"),
    ({"conditions": {"region": ("EU-*",)}}, price("input", "1", "2", conditions={"region": "eu-west-1"}), "match"),
    ({"conditions": {"region": ("eu-*",)}}, CUT, "conditions"),
    ({"conditions": {"context_over": ("200000",)}}, price("input", "1", "2", conditions=LONG), "match"),
    ({"conditions": {"region": ("eu-*",)}}, retirement(), "match"),
    ({"min_change": LEAST}, price("input", "1", "1.2"), "below_threshold"),
    ({"min_change": LEAST}, price("input", "1", "1.25"), "match"),
    ({"min_change": LEAST}, price("input", "1", "1.1", new=side("0.00125", per=1000)), "match"),
    ({"min_change": LEAST}, price("input", "1", "1.1", old=side("1", unit="image"), new=side("2")), "match"),
    ({"min_change": LEAST, "min_change_pct": Decimal(30)}, price("input", "1", "1.25"), "below_threshold"),
    ({"status": ("retired",)}, status("active", "deprecated"), "status"),
    ({"status": ("retired", "deprecated")}, status("active", "deprecated"), "match"),
    ({"status": ("retired",)}, retirement(), "match"),
    ({"milestones": (30, 7)}, due(14), "milestone"),
    ({"milestones": (30, 7)}, due(7), "match"),
    ({"milestones": (30, 7)}, due(14, baseline=True), "match"),  # nobody heard of it before
    ({"milestones": (30, 7)}, due(60, baseline=True), "milestone"),
    ({"topics": ("funding", "regul*")}, news("Regulation", "chips"), "match"),
    ({"topics": ("funding",)}, news("chips"), "topic"),
    ({"topics": ("funding",)}, news(), "topic"),
    ({"topics": ("funding",)}, CUT, "match"),
    ({"topics": ("funding",)}, deal(topics=["funding", "chips"]), "match"),
    ({"status": ("announced", "closed")}, deal(status="rumoured"), "status"),
    ({"status": ("announced", "closed")}, deal(), "match"),
    ({"status": ("announced",)}, status("active", "deprecated"), "match"),
    ({"status": ("retired",)}, deal(), "match"),
    ({"deals": ("acquisition",)}, deal(), "deal"),
    ({"deals": ("acquisition", "funding")}, deal(), "match"),
    ({"deals": ("acquisition",)}, CUT, "match"),
    ({"companies": ("sol*",)}, deal(), "match"),
    ({"companies": ("oxbow capital",)}, deal(), "match"),
    ({"companies": ("redrock",)}, deal(), "company"),
    ({"companies": ("redrock",)}, CUT, "match"),
    ({"min_amount": Sum(amount=Decimal(50_000_000), currency="USD")}, deal(), "match"),
    ({"min_amount": Sum(amount=Decimal(50_000_001), currency="USD")}, deal(), "below_threshold"),
    ({"min_amount": Sum(amount=Decimal(60_000_000), currency="USD")}, deal(amount_max="60000000"), "match"),
    ({"min_amount": Sum(amount=Decimal(60_000_000), currency="EUR")}, deal(), "match"),  # no rate is assumed
    ({"min_amount": Sum(amount=Decimal(1), currency="USD")}, deal(amount=None), "below_threshold"),
    ({"min_amount": Sum(amount=Decimal(1), currency="USD")}, deal(amount=None, valuation="2"), "match"),
    (
        {"min_amount": Sum(amount=Decimal(1), currency="USD")},
        deal("funding.updated", {"amount": "9", "currency": "USD"}, amount=None),
        "match",
    ),
    ({"min_amount": Sum(amount=Decimal(1), currency="USD")}, CUT, "match"),
    ({"watchlist": OURS}, CUT, "match"),
    ({"watchlist": OURS}, price("input", "1", "2", model="gpt-5.6"), "watchlist"),
    ({}, price("input", "1", "2", baseline=True), "baseline"),
    ({}, event("model.retirement_due", baseline=True, new={"retires_on": "2026-08-26", "days": 14}), "match"),
]


@pytest.mark.parametrize(("changes", "subject", "reason"), MATCHES)
def test_matching_gives_its_reason(changes: dict[str, Any], subject: Any, reason: str) -> None:
    assert match(Route(**({"receiver": "r", "kinds": ("*",)} | changes)), subject) == reason


def test_the_default_is_useful_and_quiet() -> None:
    assert [route.digest is not None for route in default_routes("terminal") if "funding.*" in route.kinds] == [True]

    def told(kind: str, **changes: Any) -> bool:
        subject = event(kind, meter="input", old=side("1"), new=side("2"), **changes)
        return any(match(route, subject) == "match" for route in default_routes("terminal"))

    assert {kind for kind in event_kinds() if told(kind)} == {
        "price.changed", "price.scheduled", "price.schedule_withdrawn", "model.status_changed",
        "model.retirement_scheduled", "model.retirement_moved", "model.retirement_withdrawn", "model.retirement_due",
        "source.broken", "source.recovered", "source.stale", "wire.troubled", "wire.recovered",
    }  # fmt: skip
    assert not told("price.changed", trust="catalogue")
    assert not told("price.changed", trust="cloud")
    assert not told("price.changed", baseline=True)
    assert told("source.broken", trust="press")
    assert any(match(route, deal(amount="100000000", topics=["ai"])) == "match" for route in default_routes("terminal"))
    assert not any(match(route, deal(amount="100000000")) == "match" for route in default_routes("terminal"))
    assert not any(match(route, deal(topics=["ai"])) == "match" for route in default_routes("terminal"))


def test_by_default_few_milestones_are_told_and_all_of_models_in_use() -> None:
    ours = Watchlist(name="workloads", models=(Watched(name="gpt-5.6-luna", provider="openai"),))

    def told(model: str, days: int, **changes: Any) -> bool:
        subject = event("model.retirement_due", model, new={"retires_on": "2026-08-26", "days": days}, **changes)
        return any(match(route, subject) == "match" for route in default_routes("terminal", ours))

    assert [days for days in MILESTONES if told("other", days)] == [90, 30, 7, 1]
    assert [days for days in MILESTONES if told("gpt-5.6-luna", days)] == list(MILESTONES)
    assert not told("gpt-5.6-luna", 90, provider="azure", trust="cloud")


def test_every_field_of_a_route_is_read() -> None:
    config = parse(
        """
[[watchlist]]
name = "ours"
models = ["openai/gpt-4o"]
[[route]]
receiver = "terminal"
kinds = ["*"]
watchlist = "ours"
conditions = { service_tier = "batch", context_over = [128000, 200000] }
subject_kind = ["model"]
min_change = { amount = 0.05, currency = "EUR" }
status = ["deprecated"]
milestones = [7]
topics = ["funding"]
deals = ["funding", "ipo"]
companies = ["OpenAI", "Mistral*"]
min_amount = { amount = 50_000_000, currency = "EUR" }
digest = "weekly mon 09:00 Europe/Berlin"
wait = "10m"
"""
    )
    (route,) = config.routes
    assert route.watchlist is config.watchlists["ours"]
    assert route.conditions == {"service_tier": ("batch",), "context_over": ("128000", "200000")}
    assert route.min_change == Change(amount=Decimal("0.05"), currency="EUR", per=Decimal(1_000_000), unit="token")
    assert (route.deals, route.companies) == (("funding", "ipo"), ("OpenAI", "Mistral*"))
    assert route.min_amount == Sum(amount=Decimal(50_000_000), currency="EUR")
    assert (route.status, route.milestones, route.topics) == (("deprecated",), (7,), ("funding",))
    assert route.digest is not None
    assert route.digest.zone == "Europe/Berlin"
    assert route.wait == timedelta(minutes=10)
