"""How programs write a model's id: bare, or with what clouds and routers put around it.

`openai/gpt-4o`, `azure/gpt-4o`, `us.anthropic.claude-3-opus-20240229-v1:0`, `models/gemini-1.5-pro`,
`claude-3-opus@20240229`, `ft:gpt-4o-mini-2024-07-18:acme::x`, `.../deployments/gpt-4o/chat/completions`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

LONGEST = 300  # characters; no id with all that clouds put around it is longer

# What stands in front of a `/` in libraries and routers, and whose models follow.
_MAKERS: Mapping[str, str] = {
    **{name: name for name in ("openai", "anthropic", "google", "mistral", "cohere", "deepseek", "xai", "moonshot")},
    **{name: name for name in ("xiaomi", "minimax", "zai", "zhipu", "perplexity", "ai21", "voyage")},
    **{"text-completion-openai": "openai", "gemini": "google", "palm": "google", "googleai": "google"},
    **{"google-genai": "google", "google_genai": "google", "mistralai": "mistral", "codestral": "mistral"},
    **{"cohere_chat": "cohere", "deepseek-ai": "deepseek", "x-ai": "xai", "moonshotai": "moonshot"},
    **{"xiaomi_mimo": "xiaomi", "z-ai": "zai"},
}
# The same for those who serve models of others: the platform, as this module calls it.
_PLATFORMS: Mapping[str, str] = {
    **dict.fromkeys(("vertex", "vertex_ai", "vertex_ai_beta", "vertex-ai", "vertexai", "google_vertexai"), "vertex"),
    **dict.fromkeys(("bedrock", "bedrock_converse", "aws_bedrock", "amazon-bedrock", "amazon"), "bedrock"),
    **dict.fromkeys(("azure", "azure_openai", "azure-openai", "azure_ai", "azure_text", "azureml"), "azure"),
    **{name: name for name in ("groq", "cerebras", "databricks", "openrouter", "replicate", "deepinfra", "cloudflare")},
    "github_copilot": "github",
    **{name: name for name in ("github", "sagemaker", "huggingface", "litellm_proxy", "watsonx")},
    **{"together": "together", "together_ai": "together", "fireworks": "fireworks", "fireworks_ai": "fireworks"},
    **{"vercel": "vercel", "vercel_ai_gateway": "vercel"},
}
# Vendors as Bedrock writes them in front of a dot.
_VENDORS: Mapping[str, str] = {
    **{name: name for name in ("anthropic", "amazon", "cohere", "mistral", "ai21", "deepseek", "openai", "google")},
    **{name: name for name in ("minimax", "zai", "nvidia", "writer", "luma", "twelvelabs", "meta", "stability", "xai")},
    **{"qwen": "alibaba", "moonshot": "moonshot", "moonshotai": "moonshot"},
}
_HOSTS: Mapping[str, str] = {
    **{".openai.azure.com": "azure", ".services.ai.azure.com": "azure", ".cognitiveservices.azure.com": "azure"},
    **{"aiplatform.googleapis.com": "vertex", ".amazonaws.com": "bedrock"},
}
_SERVED = frozenset({"deployments", "engines"})  # segments of an address behind which a model stands, and then more
# Routers hand a call on to the maker: its dates hold. Of the others, each has dates of its own.
_ROUTERS = frozenset({"openrouter", "litellm_proxy", "vercel", "github"})
# Segments that route and name nothing: LiteLLM's and Fireworks' among them.
_PLAIN = frozenset({"converse", "converse_like", "invoke", "responses", "chat", "realtime", "accounts"})
_PROFILE = re.compile(r"(?:us|eu|apac|ap|us-gov|global|jp|au|ca|sa|me|af)\.(?=[a-z0-9]+\.)")
_AWS_REGION = re.compile(r"[a-z]{2}(?:-gov)?-[a-z]+-\d")
_VENDOR = re.compile(rf"({'|'.join(_VENDORS)})\.(?=.)")
_THROUGHPUT = re.compile(r"(?<=:\d)(?::\d+k|:mm)\Z")
_EDITION = re.compile(r"(?:-v\d+)?(?::\d+)?\Z")
_METHOD = re.compile(r":[A-Za-z][A-Za-z-]*\Z")  # :generateContent, :free, :thinking
_VERSIONED = re.compile(r"([A-Za-z0-9._-]+)@([A-Za-z0-9.-]+)\Z")
_FINE_TUNED = re.compile(r"ft:([A-Za-z0-9.-]+)(?::[\w.-]*)*\Z")
_PUBLISHED = re.compile(r"(?:projects/[^/]+/)?(?:locations/[^/]+/)?publishers/([a-z0-9-]+)/models/")
_RESOURCE = re.compile(r"arn:aws[a-z-]*:bedrock:[a-z0-9-]*:\d*:(?:foundation-model|inference-profile)/")
_VERSION_PATH = re.compile(r"v\d[\w.]*")
_WORD = re.compile(r"[A-Za-z0-9@/](?:[A-Za-z0-9._/:@+~-]*[A-Za-z0-9])?\Z")


@dataclass(frozen=True, kw_only=True, slots=True)
class Spelling:
    """One way to understand a written word.

    `maker`: whose id it is (None: not said). `platform`: who serves it, where that is written and not its maker.
    """

    id: str
    maker: str | None = None
    platform: str | None = None
    tuned: bool = False  # a fine-tuned model on top of it

    @property
    def served_elsewhere(self) -> bool:
        """Whether it is called where a model may end on another day than with its maker."""
        return self.platform is not None and self.platform not in _ROUTERS


def spellings(word: str) -> Iterator[Spelling]:
    """What a word may stand for, the most literal first: what is known to exist decides among them.

    A word with a prefix that nobody puts before models (`acme/gpt-4`, `./prompts/gpt-4`) stands for itself alone.
    """
    if len(word) > LONGEST or not _WORD.match(word):
        return
    yield Spelling(id=word)
    if tuned := _FINE_TUNED.match(word):
        yield Spelling(id=tuned[1], maker="openai", tuned=True)
        return
    for id, maker, platform in _routed(word):
        for form in _forms(id):
            yield Spelling(id=form, maker=maker, platform=platform)
        inner = _THROUGHPUT.sub("", _PROFILE.sub("", id))
        if vendor := _VENDOR.match(inner):
            own = _EDITION.sub("", inner[vendor.end() :])
            yield Spelling(id=inner, platform="bedrock")
            yield Spelling(id=own, maker=_VENDORS[vendor[1]], platform="bedrock")


def _routed(word: str) -> Iterator[tuple[str, str | None, str | None]]:
    """The word without what routes it: (id, maker, platform)."""
    if resource := _RESOURCE.match(word):
        yield word[resource.end() :], None, "bedrock"
    elif published := _PUBLISHED.match(word):
        yield word[published.end() :], _MAKERS.get(published[1]), "vertex"
    elif "://" in word or word.startswith("/"):
        yield from _addressed(word.split("/"))
    else:
        yield from _prefixed(word.split("/"))


def _prefixed(parts: list[str]) -> Iterator[tuple[str, str | None, str | None]]:
    maker = platform = None
    for number, part in enumerate(parts):
        yield "/".join(parts[number:]), maker, platform
        if number and parts[number - 1] in _SERVED:
            yield part, None, platform
            return
        if part in _MAKERS:
            maker = _MAKERS[part]
        elif part in _PLATFORMS:
            platform = platform or _PLATFORMS[part]
        elif part == "models":
            maker = maker or (None if number else "google")
        elif not (
            part in _PLAIN | _SERVED or _AWS_REGION.fullmatch(part) or (number and parts[number - 1] == "accounts")
        ):
            return


def _addressed(parts: list[str]) -> Iterator[tuple[str, str | None, str | None]]:
    """An address, or its path: that of a call names a model, that of a page about it does not."""
    host = parts[2] if len(parts) > 2 and parts[0].endswith(":") else ""
    platform = next((name for ending, name in _HOSTS.items() if host.endswith(ending)), None)
    for number, part in enumerate(parts[:-1]):
        before, last = (parts[number - 1] if number else ""), number + 2 == len(parts)
        called = (
            part == "models" and last and (_VERSION_PATH.fullmatch(before) or parts[max(0, number - 2)] == "publishers")
        )
        if part in _SERVED or called or (part == "model" and platform):
            yield parts[number + 1], None, platform


def _forms(id: str) -> Iterator[str]:
    """The id as it is, without a method or variant behind a colon, and with a version joined or left out."""
    yield id
    plain = _METHOD.sub("", id)
    if plain != id:
        yield plain
    if versioned := _VERSIONED.match(plain):
        name, version = versioned.groups()
        yield f"{name}-{version}"
        if version in ("latest", "default"):
            yield name
