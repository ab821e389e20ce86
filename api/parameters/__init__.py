"""Query parameters by noun: what each may be, for the handlers, the OpenAPI document and the error messages.

An unknown parameter is refused: a misspelt filter must not answer as if it had filtered.
"""

from api.parameters.events import EventFilter
from api.parameters.evidence import SnapshotOptions, SourceFilter
from api.parameters.figures import FigureFilter, FigureHistoryFilter
from api.parameters.funding import FundingFilter
from api.parameters.models import CalendarFilter, DeadlineFilter, ModelFilter, ModelMoments
from api.parameters.news import IncidentFilter, NewsFilter
from api.parameters.pages import Address, Place, Word
from api.parameters.prices import CostQuestion, PriceFilter, PriceHistoryFilter
from api.parameters.shared import AS_OF, KNOWN_AT, Page, Parameters, Subject
from api.parameters.values import MOST, Count, Moment, Share, Text, Texts, Trusts, clean, moment
