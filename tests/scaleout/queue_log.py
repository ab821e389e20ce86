"""What the queue did: a line for each change of a job, and what follows from them."""

from collections.abc import Sequence

from store.connect import Connection
from tests.scaleout.judging import Fault

LOG = """
CREATE TABLE public.job_log (
    at timestamptz DEFAULT clock_timestamp(), id bigint, task text, lock text, was text, is_now text);
CREATE FUNCTION public.note_job() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        INSERT INTO public.job_log (id, task, lock, was) VALUES (OLD.id, OLD.task_name, OLD.lock, OLD.status);
    ELSIF TG_OP = 'INSERT' THEN
        INSERT INTO public.job_log (id, task, lock, is_now) VALUES (NEW.id, NEW.task_name, NEW.lock, NEW.status);
    ELSIF NEW.status IS DISTINCT FROM OLD.status THEN
        INSERT INTO public.job_log (id, task, lock, was, is_now)
        VALUES (NEW.id, NEW.task_name, NEW.lock, OLD.status, NEW.status);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE ON aiwire.procrastinate_jobs
    FOR EACH ROW EXECUTE FUNCTION public.note_job();
"""
AT_ONCE = """
WITH began AS (
    SELECT id, lock, at, is_now, lead(at, 1, 'infinity') OVER (PARTITION BY id ORDER BY at) AS until
      FROM public.job_log WHERE lock IS NOT NULL)
SELECT count(*) FROM began AS one JOIN began AS other
    ON other.lock = one.lock AND other.is_now = one.is_now AND other.id > one.id
   AND other.at < one.until AND one.at < other.until
 WHERE one.is_now = %s
"""


def jobs(connection: Connection) -> tuple[dict[str, int], list[str]]:
    """What the queue did, and whether one host ever had two jobs waiting or two running."""
    counted = {}
    for name, query in {
        "crawls_queued": "SELECT count(*) FROM public.job_log WHERE task = 'crawl' AND was IS NULL",
        "crawls_done": 'SELECT count(DISTINCT run) FROM "fetch"',
        "failed": "SELECT count(*) FROM public.job_log WHERE is_now = 'failed'",
    }.items():
        row = connection.execute(query).fetchone()  # type: ignore[arg-type]
        counted[name] = int(row[0]) if row else 0
    for name, status in (("waiting_twice", "todo"), ("running_twice", "doing")):
        row = connection.execute(AT_ONCE, [status]).fetchone()
        counted[name] = int(row[0]) if row else 0
    counted["for_nothing"] = counted["crawls_queued"] - counted["crawls_done"]
    wrong = [f"{counted[name]} jobs {name.replace('_', ' ')}" for name in ("waiting_twice", "running_twice", "failed")
             if counted[name]]  # fmt: skip
    return counted, wrong


def takeovers(connection: Connection, faults: Sequence[Fault]) -> tuple[dict[str, dict[str, float]], list[str]]:
    """Of each host whose worker was killed: seconds until it was free for another one, and until it was visited.

    The visit waits for its turn in the queue and, where the dead worker had asked for everything, until it is due.
    """
    found, wrong = {}, []
    for fault in faults:
        for host in fault.hosts:
            row = connection.execute(
                "SELECT extract(epoch FROM min(at) FILTER (WHERE was = 'doing')), "
                "extract(epoch FROM min(at) FILTER (WHERE is_now = 'doing')) "
                "FROM public.job_log WHERE lock = %s AND at > to_timestamp(%s)",
                [f"host:{host}", fault.at],
            ).fetchone()
            free, again = (float(at) - fault.at if at else float("inf") for at in row or (None, None))
            found[host] = {"free": round(free, 1), "again": round(again, 1)}
            wrong += [f"{host} was taken for {free:.1f} s"] if free > 60 else []
    return found, wrong
