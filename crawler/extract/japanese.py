"""The counting phrases of Japanese price pages in English, so that one grammar reads them ("1万トークンあたり")."""

import re

_KANA = re.compile(r"[\u3041-\u30fa]")
_NOUNS = {
    "トークン": "tokens",
    "文字": "characters",
    "秒": "seconds",
    "分": "minutes",
    "時間": "hours",
    "枚": "images",
    "画像": "images",
    "リクエスト": "requests",
    "クエリ": "queries",
    "回": "requests",
    "件": "requests",
    "ページ": "pages",
    "ユーザー": "users",
    "か月": "months",
    "ヶ月": "months",
    "カ月": "months",
    "月": "months",
}
_SCALES = {"億": 100_000_000, "百万": 1_000_000, "万": 10_000, "千": 1_000}
_COUNTED = re.compile(
    rf"(?P<n>\d[\d,]*)?\s*(?P<scale>{'|'.join(_SCALES)})?\s*(?P<noun>{'|'.join(_NOUNS)})\s*"
    r"(?:あたり|当たり|につき|ごと(?:に)?|毎に?)"
)
_WORDS = (
    (r"月額", " per month "),
    (r"年額", " per year "),
    (r"お問い合わせ(?:ください)?|要問(?:い)?合(?:わ)?せ", " contact us "),
    (r"提供予定|近日(?:公開|提供)", " coming soon "),
    (r"対象外|非対応", " not supported "),
    (r"プラン(?:名)?", " plan "),
    (r"モデル名?", " model "),
    (r"画像", " image "),
    (r"動画", " video "),
    (r"音声", " audio "),
    (r"埋め込み", " embedding "),
    (r"税込|税抜|税別", " "),
)


def in_english(text: str) -> str:
    """The text with its Japanese units and price words in English; other texts are given back unchanged."""
    if not _KANA.search(text) and "月額" not in text and "年額" not in text:
        return text
    text = _COUNTED.sub(_counted, text)
    for pattern, word in _WORDS:
        text = re.sub(pattern, word, text)
    return text


def _counted(match: re.Match[str]) -> str:
    count = int((match["n"] or "1").replace(",", "")) * _SCALES.get(match["scale"] or "", 1)
    return f" per {count} {_NOUNS[match['noun']]} "
