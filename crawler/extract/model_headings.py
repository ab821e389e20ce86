"""Headings that are the names of models, told from those of sections."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from crawler.extract.blocks import Block, Heading
from crawler.extract.price_names import Subject, plain_name

_MOST_WORDS = 5  # of a model's name
_SEVERAL = 4  # headings that together show what stands at their depth
_KIND = re.compile(r"^(?:video|image|audio|speech|voice|music|text|embeddings?|chat|vision)(?: models?)?: +", re.I)
_GENERIC = re.compile(
    r"(?:\b(?:pricing|prices?|models?|plans?|free|paid|enterprise|overview|rates?|costs?|billing|tools?|built-?in"
    r"|tokens?|text|audio|image|video"
    r"|vision|language|flagship|premier|frontier|connectors?|add-?ons?|extras?"
    r"|integrations?|gpus?|instances?|clusters?|hardware|compute|legacy|latest|other|older|all|our|the|for|and|of|in|to|with|api|apis|batch|flex|priority|standard|fast|mode"
    r"|processing|embeddings?|fine-?tuning|tuning|moderation|transcription|speech|generation|chat|completions?|pay|as|you|go|details|summary"
    r"|specialized|multimodal|realtime|inference|usage|input|output|feature|specific|cloud|platform|platforms|additional|options|tier|tiers"
    r"|per|table|current|on-?demand|serverless|dedicated|reserved|provisioned|service|services|inc|labs?|ai|rate|limits?|introduction)\b"
    r"|模型|价格|定价|计费|产品|语言|文本|向量|视觉|图片|视频|音频|语音|推理|说明|详情|类|按量|费用|旗舰|服务|工具|搜索|[\W_\d])+",
    re.I,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelHeadings:
    """What tells a page's headings that are models' names from those of its sections."""

    families: frozenset[str]  # first words of headings with a figure: "Gemini 3 Pro"
    depths: frozenset[int]  # at which nearly every heading is a model's name

    def subjects(self, headings: Sequence[str]) -> tuple[Subject, ...]:
        """The model that the nearest heading with a name is about.

        Headings without a figure are sections, unless they begin like others that have one ("Gemini Embedding"), or
        stand among models' names ("Nano Banana").
        """
        for depth in reversed(range(len(headings))):
            name = plain_name(headings[depth])
            if name and not _GENERIC.fullmatch(name):
                named = self.is_model(name) or (depth in self.depths and len(name.split()) <= _MOST_WORDS)
                return (Subject(name=_KIND.sub("", name) or name),) if named else ()
        return ()

    def is_model(self, name: str) -> bool:
        """Whether a heading looks like a model's name by itself."""
        return re.search(r"\d", name) is not None or name.split(maxsplit=1)[0] in self.families


def is_generic(name: str) -> bool:
    """Whether a heading can only be that of a section."""
    return _GENERIC.fullmatch(name) is not None


def model_headings(blocks: Sequence[Block]) -> ModelHeadings:
    """What this page's headings have in common."""
    names = [(len(block.headings), plain_name(block.text)) for block in blocks if isinstance(block, Heading)]
    outline = ModelHeadings(
        families=frozenset(name.split(maxsplit=1)[0] for _, name in names if re.match(r"[A-Z]\w+ .*\d", name)),
        depths=frozenset(),
    )
    told = [(depth, name) for depth, name in names if name and not _GENERIC.fullmatch(name)]
    depths = {depth for depth, _ in told if _mostly([outline.is_model(name) for at, name in told if at == depth])}
    return replace(outline, depths=frozenset(depths))


def _mostly(models: Sequence[bool]) -> bool:
    return len(models) >= _SEVERAL and 4 * sum(models) >= 3 * len(models)
