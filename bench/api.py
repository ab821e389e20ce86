"""What an answer of the API costs, and how many it gives.

CPU: the application in this process, without a network. The floor is the plainest FastAPI handler that runs the very
same query (taken from ours as it is sent to the database), over a pool that checks nothing, and returns the same bytes:
it makes them from the rows, with orjson and a parameter or two. A 304 has the 200 of the same question as its floor.

Rate: `aiwire serve` over HTTP, beside Datasette over SQLite with the same rows, indexes for these questions and the
same clients; what people ask varies from request to request. Both sides in turns; the medians of the turns count.
"""

import asyncio
import os
import random
import statistics
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import orjson
import psycopg
from fastapi import FastAPI
from fastapi.responses import Response
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool

from api.app import create_app
from bench import grounds, load, market, rival
from bench.asgi import Answer, ask
from bench.measures import Result, cpu, interleave_async
from bench.session import Session
from store.connect import READER, Connection, connect, conninfo, open_pool

MOST, MOST_304 = 1.5, 0.5
EACH = 20  # requests in one measurement
CLIENTS = (1, 16)
BASE = "https://aiwire.example"
Rows = list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Question:
    """One kind of question: its address with us, and with the floor, where one parameter stays one parameter."""

    name: str
    path: str
    parameters: Mapping[str, str]
    finish: Callable[[Rows], Rows]  # what our answer has beyond the rows of the query, in the plainest way

    @property
    def target(self) -> str:
        """The address."""
        return f"{self.path}?{urlencode(self.parameters)}"


def run(session: Session) -> Iterator[Result]:
    """CPU of every question, of its 304, and the rates beside Datasette's."""
    questions = _questions(session, random.Random(8))
    yield from asyncio.run(_cpu(session, questions))
    yield from _rates(session)


def _questions(session: Session, dice: random.Random) -> list[Question]:
    """As-of of one model, history of one model, the newest changes, a filtered page."""
    model = dice.choice(session.market.facts).model_id or ""
    provider = dice.choice(session.market.facts).provider
    day = market.SINCE + timedelta(days=dice.randrange(90, (market.UNTIL - market.SINCE).days))
    return [
        Question(
            name="as_of", path="/v1/prices", parameters={"model": model, "as_of": f"{day:%Y-%m-%d}"}, finish=_whole
        ),
        Question(name="history", path="/v1/prices/history", parameters={"model": model}, finish=_whole),
        Question(name="newest", path="/v1/events", parameters={"limit": "100"}, finish=_proven),
        Question(
            name="filtered",
            path="/v1/events",
            parameters={"provider": provider, "meter": "input", "until": f"{day:%Y-%m-%d}", "limit": "50"},
            finish=_proven,
        ),
    ]


# ----------------------------------------------------------------- CPU


async def _cpu(session: Session, questions: Sequence[Question]) -> list[Result]:
    ground = session.market.ground
    found = []
    with open_pool(ground.reader_url, size=4, reader=True) as pool:
        now = datetime.now(UTC)  # it stands: a new hour has new tags
        app = create_app(pool, clock=lambda: now, base_url=BASE)
        for question in questions:
            found += await _cost(session, app, question)
    return found


async def _cost(session: Session, app: FastAPI, question: Question) -> list[Result]:
    ground = session.market.ground
    query, values = await _main_query(ground, question)
    first = await ask(app, question.target)
    assert first.status == 200
    limit = int(question.parameters.get("limit", 100))
    following = orjson.loads(first.body)["next"]
    tag = {"if-none-match": first.headers["etag"]}
    pairs = session.size(40, quick=6)
    with ConnectionPool(conninfo(ground.reader_url, settings=READER), min_size=1, max_size=4) as pool:
        plain = _plain(pool, question, query, values, limit=limit, following=following)
        assert (await ask(plain, f"/plain?{urlencode(question.parameters)}")).body == first.body, "the same bytes"
        of_200 = await interleave_async(
            _repeated(app, question.target, 200), _repeated(plain, f"/plain?{urlencode(question.parameters)}", 200),
            pairs=pairs, clock=cpu,
        )  # fmt: skip
        of_304 = await interleave_async(
            _repeated(app, question.target, 304, tag), _repeated(app, question.target, 200), pairs=pairs, clock=cpu
        )
    size = {"bytes": len(first.body)}
    return [
        of_200.result(f"api_{question.name}", most=MOST, of="the plainest FastAPI handler", each=EACH, more=size),
        of_304.result(f"api_{question.name}_304", most=MOST_304, of="the 200", each=EACH),
    ]


def _repeated(app: FastAPI, target: str, status: int, headers: Mapping[str, str] | None = None) -> Callable[[], Any]:
    async def work() -> None:
        for _ in range(EACH):
            answer: Answer = await ask(app, target, headers)
            assert answer.status == status

    return work


def _plain(
    pool: ConnectionPool[Connection],
    question: Question,
    query: str,
    values: Mapping[str, Any],
    *,
    limit: int,
    following: str | None,
) -> FastAPI:
    """The floor. Values of a parameter come from the request where the question has one."""
    app = FastAPI(openapi_url=None)
    own = {name: values[name] for name in values if name not in ("model", "provider", "meter", "limit")}

    def answer(named: Mapping[str, Any], limit: int) -> Response:
        with pool.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
            rows = cursor.execute(query.encode(), {**own, **named, "limit": limit + 1}).fetchall()
        data = question.finish(rows[:limit])
        body = orjson.dumps({"data": data, "next": following}, default=str, option=orjson.OPT_UTC_Z)
        return Response(body, media_type="application/json")

    def prices(model: str, as_of: str = "", limit: int = 100) -> Response:
        return answer({"model": model}, limit)

    def events(provider: str = "", meter: str = "", until: str = "", limit: int = 100) -> Response:
        return answer({"provider": provider, "meter": meter} if provider else {}, limit)

    app.add_api_route("/plain", prices if "model" in question.parameters else events, methods=["GET"])
    return app


async def _main_query(ground: grounds.Ground, question: Question) -> tuple[str, Mapping[str, Any]]:
    """The statement of ours that finds the rows, as it is sent."""
    sent: list[tuple[str, Mapping[str, Any]]] = []

    class Noting(psycopg.Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
            if isinstance(params, dict) and "limit" in params:
                sent.append((query, params))
            return super().execute(query, params, **options)

    def note(connection: Connection) -> None:
        connection.cursor_factory = Noting

    with ConnectionPool(conninfo(ground.reader_url, settings=READER), min_size=1, max_size=1, configure=note) as pool:
        await ask(create_app(pool, clock=lambda: datetime.now(UTC), base_url=BASE), question.target)
    (found,) = sent
    return found


def _whole(rows: Rows) -> Rows:
    for row in rows:
        row["per"] = int(row["per"])
        row["amount"] = _digits(row["amount"])
        row["per_million"] = _digits(row["per_million"])
    return rows


def _proven(rows: Rows) -> Rows:
    for row in rows:
        row["evidence"] = f"{BASE}/evidence/{row['id']}"
    return rows


def _digits(amount: Decimal | None) -> str | None:
    return None if amount is None else format(amount, "f")


# ----------------------------------------------------------------- rates


def _rates(session: Session) -> Iterator[Result]:
    ground = session.market.ground
    file = ground.home / "bench.db"
    with connect(ground.url) as connection:
        rival.copy(connection, file)
    port = grounds.free_port()
    environment = {
        **os.environ, "DATABASE_URL": ground.reader_url, "AIWIRE_HOME": str(ground.home), "AIWIRE_PORT": str(port),
    }  # fmt: skip
    command = [sys.executable, "-m", "cli", "serve"]
    with grounds.server(command, environment, ground.home / "api.log"), rival.served(file) as other:
        ours = f"127.0.0.1:{port}"
        rival.await_answer(ours, "/livez")
        for name in rival.QUESTIONS:
            asked = [_asked(session, name, seed) for seed in range(200)]
            targets = [question.target for question in asked]
            others = [rival.target(file, name, _rival_values(question)) for question in asked]
            asyncio.run(_same_answers(ours, targets, other, others))
            for clients in CLIENTS:
                yield asyncio.run(_race(session, name, clients, (ours, targets), (other, others)))


async def _race(
    session: Session, name: str, clients: int, ours: tuple[str, list[str]], other: tuple[str, list[str]]
) -> Result:
    seconds, turns = session.size(4, quick=1), session.size(5, quick=1)
    found: dict[str, list[load.Load]] = {"ours": [], "other": []}
    for side, (address, targets) in (("ours", ours), ("other", other)):
        await load.drive(address, targets, clients=clients, seconds=1)
        found[side].clear()
    for _ in range(turns):
        for side, (address, targets) in (("ours", ours), ("other", other)):
            found[side].append(await load.drive(address, targets, clients=clients, seconds=seconds))
    rate, rate_other = (statistics.median(one.per_second for one in found[side]) for side in found)
    p99, p99_other = (statistics.median(one.p99_ms for one in found[side]) for side in found)
    return Result(
        name=f"api_rate_{name}_{clients}",
        value=rate,
        unit="/s",
        floor=rate_other,
        ratio=rate / rate_other,
        budget=">= Datasette's rate, p99 <= Datasette's",
        met=rate >= rate_other and p99 <= p99_other,
        more={"clients": clients, "p99_ms": p99, "p99_of_floor_ms": p99_other},
    )


async def _same_answers(ours: str, targets: list[str], other: str, others: list[str]) -> None:
    """Both sides find as many rows: the questions are the same."""
    for target, their_target in list(zip(targets, others, strict=True))[:5]:
        answer = orjson.loads(await load.get(ours, target))
        rows = orjson.loads(await load.get(other, their_target))
        assert len(rows) == len(answer["data"]) + (answer["next"] is not None), target


def _asked(session: Session, name: str, seed: int) -> Question:
    return next(question for question in _questions(session, random.Random(seed)) if question.name == name)


def _rival_values(question: Question) -> dict[str, str]:
    values = {name: value for name, value in question.parameters.items() if name != "limit"}
    if "as_of" in values:
        values["at"] = values.pop("as_of")
    return values
