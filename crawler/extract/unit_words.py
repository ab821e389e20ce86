"""The words of units: what can be counted, in English, Chinese, Japanese and Korean, and what may stand before it."""

NOUNS = {
    "token": r"tokens?|toks?\b|토큰|トークン",
    "character": r"characters?|chars?\b|字符|个字|字(?![a-z\u4e00-\u9fff])|자(?![\uac00-\ud7a3])|文字",
    "byte": r"(?:utf-?8\s+)?bytes?",
    "image": r"(?:\d+[ -]steps? )?images?|imgs?\b|pictures?|photos?|张|幅|이미지|枚",
    "video": r"videos?|clips?|个?视频|동영상",
    "song": r"songs?|tracks?|music|首",
    "voice": r"voices?|音色",
    "second": r"seconds?|secs?\b|s\b|秒|초",
    "minute": r"minutes?|mins?\b|分钟|분|分(?![\w\u4e00-\u9fff])",
    "hour": r"hours?|hrs?\b|h\b|小时|시간|時間",
    "day": r"days?|天|日",
    "week": r"weeks?|周",
    "month": r"months?|mos?\b|个?月|월",
    "year": r"years?|yrs?\b|年|년",
    "request": r"requests?|请求|요청",
    "transaction": r"transactions?",
    "call": r"calls?|invocations?|调用",
    "query": r"quer(?:y|ies)",
    "search": r"search(?:es)?(?!\s+(?:unit|content))",
    "search unit": r"search units?",
    "prompt": r"prompts?",
    "result": r"results?",
    "answer": r"answers?",
    "source": r"sources?",
    "citation": r"citations?",
    "session": r"sessions?",
    "container": r"containers?",
    "page": r"pages?|页",
    "document": r"documents?|docs?\b|文档",
    "file": r"files?|文件",
    "record": r"records?",
    "piece": r"[个条](?![\u4e00-\u9fff])",
    "text unit": r"text units?",
    "policy": r"polic(?:y|ies)",
    "GB": r"gi?bs?\b|gigabytes?|gibibytes?",
    "MB": r"mi?bs?\b|megabytes?",
    "TB": r"ti?bs?\b|terabytes?",
    "megapixel": r"megapixels?|mps?\b|百万像素",
    "pixel": r"pixels?|(?<!百万)像素",
    "tile": r"(?:\d+\s?x\s?\d+ )?tiles?",
    "step": r"steps?(?! images?\b)|步",
    "frame": r"frames?|帧",
    "run": r"runs?",
    "task": r"tasks?",
    "job": r"jobs?",
    "model": r"models?(?! units?)",
    "example": r"examples?|samples?",
    "use": r"uses?|usage|次",
    "seat": r"seats?|users?|members?|persons?|people|用户",
    "person": r"人",
    "GPU": r"gpus?",
    "node": r"nodes?",
    "instance": r"instances?|实例|台",
    "PTU": r"ptus?",
    "model unit": r"model units?",
    "compute unit": r"compute units?|算力单元",
    "custom model unit": r"custom model units?",
    "CCU": r"ccus?",
    "DBU": r"dbus?",
    "ACU": r"acus?",
    "neuron": r"neurons?",
    "agent": r"agents?",
    "workflow": r"workflows?",
    "contact": r"contacts?",
    "message": r"messages?",
    "conversation": r"conversations?",
    "credit": r"credits?|积分",
}
TIMES = ("second", "minute", "hour", "day", "week", "month", "year")
_STORED = "GB MB TB token"
_RENTED = "GPU node instance PTU model_unit compute_unit custom_model_unit seat session container person agent"
HELD = frozenset(  # what is held for a time, so that "GPU hour" and "GB-day" are one unit
    name.replace("_", " ") for name in f"{_STORED} {_RENTED}".split()
)
ADJECTIVES = (
    r"(?:(?:input|output|cached?|prompt|completion|generated|processed|text|audio|image|video|speech|grounded|grounding"
    r"|search|tool|function|web|context|reasoning|thinking|citation|training|total|additional|active|running|billed?"
    r"|input/output|stored|indexed|embedded|media|successful|individual|api|chat|batch|rerank|agentic|of|the"
    r"|granted|licensed|named|uncached|unique|further|extra|subsequent|assistant|live|finished)[\s-]+|输入|输出|入力|出力|个)*"
)
