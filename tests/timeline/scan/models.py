"""A few known models, made up and real, for the tests of this package."""

from decimal import Decimal

from timeline.scan.known import KnownModel, KnownModels, Price


def price(amount: str, currency: str = "USD") -> Price:
    return Price(amount=Decimal(amount), currency=currency, per=Decimal(1_000_000), unit="token")


KNOWN = KnownModels(
    [
        KnownModel(
            provider="openai", id="gpt-4-0314", status="retired", retires_on="2026-03-26",
            replacements=("gpt-5", "gpt-4.1"), prices={"input": price("30"), "output": price("60")},
        ),
        KnownModel(
            provider="openai", id="gpt-4", status="deprecated", retires_on="2026-10-23", replacements=("gpt-5",)
        ),
        KnownModel(provider="openai", id="gpt-4-turbo-2024-04-09", status="deprecated", retires_on="2026-10-23"),
        KnownModel(provider="openai", id="gpt-4o", status="active"),
        KnownModel(provider="openai", id="o1", status="deprecated", retires_on="2026-10-23"),
        KnownModel(provider="openai", id="ada", status="retired", retires_on="2024-01-04"),
        KnownModel(provider="openai", id="gpt-5", prices={"input": price("1.25"), "output": price("10")}),
        KnownModel(provider="anthropic", id="claude-3-opus-20240229", status="deprecated", retires_on="2026-01-05"),
        KnownModel(provider="anthropic", id="claude-opus-4-0"),
        KnownModel(provider="anthropic", id="claude-opus-4-20250514", status="deprecated", retires_on="2026-06-15"),
        KnownModel(provider="anthropic", id="claude-sonnet-4-6", status="active", not_before="2027-02-17"),
        KnownModel(
            provider="amazon", id="anthropic.claude-3-opus-20240229-v1:0", status="active", not_before="2026-02-01",
            trust="cloud",
        ),
        KnownModel(provider="azure", id="gpt-4@0613", status="active", not_before="2026-06-06", trust="cloud"),
        KnownModel(provider="azure", id="gpt-4", trust="cloud"),
        KnownModel(provider="amazon", id="anthropic.claude-opus-4-20250514-v1:0", trust="cloud"),
        KnownModel(provider="azure", id="gpt-5", status="retired", trust="cloud"),
        KnownModel(provider="google", id="gemini-1.5-pro", status="retired", retires_on="2025-09-24"),
        KnownModel(provider="google", id="gemini-1.0-pro-001", status="retired", retires_on="2025-04"),
        KnownModel(
            provider="google", id="claude-3-opus", status="retired", retires_on="2025-08-01",
            scope={"platform": "vertex"}, trust="cloud",
        ),
        KnownModel(provider="cohere", id="command", status="deprecated"),
        KnownModel(provider="xai", id="grok-3", status="retired", retires_on="2026-05-15"),
        KnownModel(
            provider="acme", id="acme-0", status="retired", retires_on="2026-01-01", source="shop", trust="catalogue"
        ),
        KnownModel(provider="acme", id="acme-1", status="active", deprecates_on="2027-01-01"),
    ]
)  # fmt: skip
