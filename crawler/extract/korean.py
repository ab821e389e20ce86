"""The words of Korean price pages in English, so that one grammar reads them. Names of models are left as they are."""

import re
from collections.abc import Callable

_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_SCALE = {"만": 10_000, "백만": 1_000_000, "천": 1_000, "": 1}
_COUNTED = re.compile(
    r"(?P<noun>토큰|문자|근거 요청|접지 요청|요청|이미지|텍스트 단위|쿼리)?\s*(?P<n>\d[\d,]*)?\s*(?P<scale>백만|만|천)?"
    r"\s*개?의?\s*(?P<tail>자|토큰|쿼리|요청|이미지|문자)?\s?당(?![\uac00-\ud7a3])"
)
_TRAINED = re.compile(r"(?P<n>\d[\d,]*)개의 토큰을 (?:훈련|학습)(?:하기 위한|하는 데 드는)?")
_NOUNS = {
    "토큰": "tokens",
    "문자": "characters",
    "자": "characters",
    "요청": "requests",
    "근거 요청": "requests",
    "접지 요청": "requests",
    "이미지": "images",
    "텍스트 단위": "text units",
    "쿼리": "queries",
}
_BOUND = re.compile(
    r"(?P<n>\d{1,3}(?:,\s?\d{3})+|\d+[KkMm]?)\s*개?(?:의|를|을)?\s*(?:입력 |프롬프트 )?"
    r"(?:토큰|프롬프트)?\s*(?:의 )?(?P<side>미만|이하|이상|초과)"
)
_BOUND_AFTER = re.compile(
    r"토큰\s*(?P<n>\d{1,3}(?:,\s?\d{3})+|\d+[KkMm]?)\s*개?(?:를|을)?\s*(?P<side>미만|이하|이상|초과)"
)
_PER = {
    "이미지": "image",
    "동영상": "video",
    "초": "second",
    "분": "minute",
    "시간": "hour",
    "요청": "request",
    "페이지": "page",
    "월": "month",
}
_WORDS: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (r"해당 사항 없음|사용할 수 없음|지원되지 않음|해당 없음", "not available"),
    (r"무료(?= ?등급)", "free tier "),
    (r"유료(?= ?등급)", "paid tier "),
    (r" ?등급", " "),
    (r"무료", "free"),
    (r"무약정(?: 시)?|약정이 없는", " no commitment "),
    (r"(\d+)개월 약정(?: 시)?", r" \1 month commitment "),
    (r"사용자 ?(?:지정|지어) 모델 단위당", " per custom model unit "),
    (r"모델 단위(?: 1개)?당", " per model unit "),
    (r"모델별(?=[^\n]{0,12}(?:시간|월))", " per model "),
    (r"월별", " per month "),
    (r"총계|합계|총(?= ?(?:발생|비용|요금))", " total "),
    (r"예제|예시|요금 예(?![\uac00-\ud7a3])", " example "),
    (r"훈련", " training "),
    (r"저장(?!소|용량)", " storage "),
    (r"(?:이미지|동영상|초|분|시간|요청|페이지|월)당", lambda match: f" per {_PER[match[0][:-1]]} "),
    (r"캐시 ?쓰기", " cache write "),
    (r"캐시 ?(?:적중|읽기|히트)", " cache read "),
    (r"캐시된 입력", " cached input "),
    (r"(?:컨텍스트 )?캐싱", " caching "),
    (r"캐시", " cache "),
    (r"저장소|스토리지|저장용량", " storage "),
    (r"일괄|배치", " batch "),
    (r"온디맨드|온라인", " on-demand "),
    (r"입력", " input "),
    (r"출력", " output "),
    (r"가격 책정|가격|요금|비용", " price "),
    (r"모델", " model "),
    (r"텍스트", " text "),
    (r"이미지", " image "),
    (r"동영상|비디오", " video "),
    (r"오디오|음성", " audio "),
    (r"학습", " training "),
    (r"검색", " search "),
    (r"임베딩", " embedding "),
    (r"토큰", " tokens "),
    (r"기능", " feature "),
    (r"유형", " type "),
    (r"리전", " region "),
    (r"시간", " hour "),
    (r"초(?![\uac00-\ud7a3])", " second "),
    (r"(?<=\d)자(?![\uac00-\ud7a3])", " characters "),
)


def in_english(text: str) -> str:
    """The text with its Korean price words in English; other texts are given back unchanged."""
    if not _HANGUL.search(text):
        return text
    text = _BOUND.sub(_bound, _BOUND_AFTER.sub(_bound, text))
    text = _TRAINED.sub(lambda match: f" training per {match['n']} tokens ", text)
    text = _COUNTED.sub(_counted, text)
    for pattern, word in _WORDS:
        text = re.sub(pattern, word, text)
    return re.sub(r"[^\S\n]{2,}", " ", text)


def _bound(match: re.Match[str]) -> str:
    sign = "<=" if match["side"] in ("미만", "이하") else ">"
    return f" {sign} {match['n'].replace(' ', '')} tokens"


def _counted(match: re.Match[str]) -> str:
    if not (match["n"] or match["scale"]):
        return match[0]
    count = int((match["n"] or "1").replace(",", "")) * _SCALE[match["scale"] or ""]
    noun = _NOUNS.get(match["noun"] or match["tail"] or "", "")
    return f" per {count} {noun} " if noun else match[0]
