"""`aiwire demo`: a rehearsal of captures, told on the terminal as it goes."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from cli.plumbing import Hidden, Json, configured
from console import ends, print_json, say


def demo(
    folder: Annotated[Path | None, typer.Argument(exists=True, file_okay=False)] = None,
    json_: Json = False,
    keep: Annotated[bool, typer.Option(help="Stay at the end, to browse its pages and ask its database.")] = False,
    kill_worker: Annotated[int, Hidden] = 0,
    seed: Annotated[int, Hidden] = 0,
) -> None:
    """The whole system in rehearsal: captures served locally at their dates, alerts shown as Slack would get them."""
    import asyncio
    import shutil
    import tempfile
    from dataclasses import asdict

    from crawler.replay import STORY, read_manifest
    from rehearsal import rehearse
    from store import embedded
    from timeline.issues import AiwireError

    with ends():
        configuration = configured()
        manifest = read_manifest(folder or STORY, configuration.sources)
        for unclaimed in manifest.unclaimed:
            say(f"no source claims {unclaimed}")
        several = len({route.receiver for route in configuration.alerts.routes}) > 1
        home = Path(tempfile.mkdtemp(prefix="aiwire-demo-"))
        running = embedded.start(home, scratch=True)
        try:
            outcome = asyncio.run(
                rehearse(
                    manifest, home=home, database_url=running.url, say=say, file=configuration.file,
                    show=_shown_as_json if json_ else _shown_to_people(several), kills=kill_worker, seed=seed,
                    linger=_lingering(running.url) if keep else lambda site: None,
                )
            )  # fmt: skip
            if json_:
                print_json({"outcome": asdict(outcome)})
            else:
                say(outcome.in_words())
                if not keep:
                    say("the pages that they link to ended with it: `aiwire demo --keep` stays until you end it")
        except AiwireError:
            say(f"what the parts logged is kept: {home / 'worker.log'}")
            raise
        finally:
            embedded.stop(home)
        shutil.rmtree(home, ignore_errors=True)


def _shown_as_json(message: dict[str, object]) -> None:
    print_json({"message": message})


def _shown_to_people(several: bool) -> Callable[[dict[str, object]], None]:
    """Each message in a frame, under its time and, of several receivers, the one that gets it."""
    from alerts.receiver_terminal import framed

    def show(message: dict[str, object]) -> None:
        at = f"{message['at']:.16}".replace("T", " ")
        to = f" to {message['to']}" if several else ""
        typer.echo(f"{at}  a message{to}\n{framed(str(message['text']))}")

    return show


def _lingering(database_url: str) -> Callable[[str], None]:
    def linger(site: str) -> None:
        import contextlib

        say(f"browse it at {site} or ask DATABASE_URL={database_url}; Enter or Ctrl-C ends it")
        with contextlib.suppress(EOFError, KeyboardInterrupt):
            input()

    return linger
