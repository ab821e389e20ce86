"""The pages, and where each is. They need no scripts."""

from collections.abc import Callable

from starlette.responses import Response

from api.pages import (
    compare,
    corrections,
    deadlines,
    evidence,
    figures,
    funding,
    incidents,
    model,
    models,
    news,
    provider,
    search,
    sources,
    timeline,
)

PAGES: tuple[tuple[str, Callable[..., Response]], ...] = (
    ("/", timeline.timeline),
    ("/models", models.models_page),
    ("/providers/{provider}", provider.provider),
    ("/compare", compare.compare),
    ("/deadlines", deadlines.deadlines),
    ("/news", news.news),
    ("/funding", funding.funding),
    ("/incidents", incidents.incidents),
    ("/figures", figures.figures),
    ("/corrections", corrections.corrections),
    ("/search", search.search),
    ("/sources", sources.sources),
    ("/evidence/{event_id}", evidence.evidence),
    ("/models/{provider}/{model:path}", model.model),
)
