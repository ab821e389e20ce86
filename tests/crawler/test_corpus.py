"""The real captures, where they are at hand: rebuilt twice and imported in any order they say the same."""

import os
import random
import time
from pathlib import Path

import pytest

from crawler.rebuild import rebuild
from crawler.replay import Manifest, read_manifest, replay
from crawler.source import bundled_sources
from store.clock import wall_clock
from store.connect import connect
from tests.conftest import CHECKOUT, Server, new_database
from tests.dumps import dump

CORPUS = Path(os.environ.get("AIWIRE_CORPUS") or CHECKOUT.parent / "shared" / "corpus")
pytestmark = [
    pytest.mark.postgres,
    pytest.mark.torture,
    pytest.mark.timeout(1200),
    pytest.mark.skipif(not CORPUS.is_dir(), reason=f"no corpus at {CORPUS}: set AIWIRE_CORPUS"),
]
SERIES = {"lifecycle": ("anthropic/", "openai/"), "pricing": ("anthropic/", "openai/", "xai/")}


def manifest(kind: str) -> Manifest:
    whole = read_manifest(CORPUS / kind, bundled_sources())
    return Manifest(lines=tuple(line for line in whole.lines if _of(kind, line.file)), unclaimed=())


def _of(kind: str, file: Path) -> bool:
    return str(file.relative_to(CORPUS / kind)).startswith(SERIES[kind])


@pytest.mark.parametrize("kind", SERIES)
def test_rebuilt_twice_the_corpus_reads_the_same(server: Server, kind: str) -> None:
    with new_database(server, template=server.template) as url, connect(url, autocommit=True) as connection:
        lines = manifest(kind)
        replay(connection, lines)
        dumps = [dump(connection)]
        for _ in range(2):
            for source in {line.source.id: line.source for line in lines.lines}.values():
                assert rebuild(connection, source, now=wall_clock(), because="test").is_empty
            dumps.append(dump(connection))
    assert dumps[0] == dumps[1] == dumps[2]


@pytest.mark.parametrize("kind", SERIES)
def test_imported_in_three_random_orders_the_corpus_reads_the_same(server: Server, kind: str) -> None:
    lines = manifest(kind)
    dumps = []
    for seed in (None, 1, 2, 3):
        order = list(lines.lines)
        if seed is not None:
            random.Random(seed).shuffle(order)
        started = time.monotonic()
        with new_database(server, template=server.template) as url, connect(url, autocommit=True) as connection:
            replay(connection, Manifest(lines=tuple(order), unclaimed=()))
            dumps.append(dump(connection))
        print(f"{kind} order {seed}: {len(order)} captures in {time.monotonic() - started:.1f} s")  # noqa: T201
    assert all(other == dumps[0] for other in dumps[1:])
