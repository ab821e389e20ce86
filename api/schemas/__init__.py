"""The shapes of the answers, by noun, for the OpenAPI document and the tests: handlers write their JSON themselves.

A test holds every answer against its shape. Fields may be added here, never renamed or removed.
"""

from api.schemas.costs import Cost, CostAnswer, CostLine, CostRate
from api.schemas.deadlines import Deadline, DeadlinePage
from api.schemas.events import Event, EventAnswer, EventInFull, EventPage, Witness
from api.schemas.figures import Figure, FigureHistoryPage, FigurePage, PastFigure
from api.schemas.funding import Deal, DealPage, DealReport
from api.schemas.health import Check, Readiness
from api.schemas.incidents import Incident, IncidentPage
from api.schemas.models import Disagreement, Model, ModelAnswer, ModelPage, ModelStatus, WholeModel
from api.schemas.news import ItemClaim, NewsItem, NewsPage
from api.schemas.prices import CurrentPrice, PastPrice, Price, PriceHistoryPage, PricePage
from api.schemas.shapes import Capture, Envelope, Shape
from api.schemas.sources import GoodCapture, Held, Source, SourceIssue, SourcePage
