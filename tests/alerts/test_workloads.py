"""Workloads and contracts as they are written in aiwire.toml; mistakes are in bad_configurations."""

from datetime import date
from decimal import Decimal

from alerts.workloads import take_contracts, take_workloads
from timeline.agreements import Contract
from timeline.strict import load
from timeline.workloads import Workload

WORKLOAD = """
[[workload]]
name = "researcher"
model = "anthropic/claude-opus-4-5"
requests_per_month = 3000
input_tokens = 20000
output_tokens = 900
reasoning_tokens = 1500
cached_share = 0.6
cache_write_share = 0.1
off_peak_share = 0.25
service_tier = "flex"
meters = { web_search = 0.5, image = 2 }
conditions = { region = "eu", cache_ttl = "1h" }
"""
CONTRACTS = """
[[contract]]
name = "enterprise"
provider = "openai"
models = ["gpt-5*"]
meters = ["input", "output"]
discount_pct = 12.5
service_tier = "batch"
from = 2026-01-01
until = 2026-12-31

[[contract]]
provider = "anthropic"
amounts = { input = 4.00, output = 20 }
currency = "EUR"
"""


def test_a_workload_may_say_all_that_prices_depend_on() -> None:
    table = load(WORKLOAD, "aiwire.toml")
    (found,) = take_workloads(table)
    table.finish()
    assert found == Workload(
        name="researcher",
        provider="anthropic",
        model="claude-opus-4-5",
        requests_per_day=Decimal(100),
        input_tokens=Decimal(20000),
        output_tokens=Decimal(900),
        reasoning_tokens=Decimal(1500),
        cached_share=Decimal("0.6"),
        written_share=Decimal("0.1"),
        off_peak_share=Decimal("0.25"),
        tier="flex",
        meters={"web_search": Decimal("0.5"), "image": Decimal(2)},
        conditions={"region": "eu", "cache_ttl": "1h"},
    )


def test_batch_is_a_tier() -> None:
    table = load(WORKLOAD.replace('service_tier = "flex"', "batch = true"), "aiwire.toml")
    assert take_workloads(table)[0].tier == "batch"


def test_contracts_are_read_in_order() -> None:
    table = load(CONTRACTS, "aiwire.toml")
    found = take_contracts(table)
    table.finish()
    assert found == (
        Contract(
            name="enterprise",
            provider="openai",
            models=("gpt-5*",),
            discount_meters=("input", "output"),
            discount_pct=Decimal("12.5"),
            tier="batch",
            starts=date(2026, 1, 1),
            ends=date(2026, 12, 31),
        ),
        Contract(
            name="contract 2 with anthropic",
            provider="anthropic",
            amounts={"input": Decimal("4.00"), "output": Decimal(20)},
            currency="EUR",
        ),
    )


def test_none_is_fine() -> None:
    assert (take_workloads(load("", "x")), take_contracts(load("", "x"))) == ((), ())
