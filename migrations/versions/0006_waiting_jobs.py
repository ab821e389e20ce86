"""A job that waits for another of its lock begins when that one ends, not when a worker next looks."""

from alembic import context

revision = "0006"
down_revision = "0005"

TRIGGER = """
-- The queue tells its workers of new jobs alone; a lock that comes free is the same news to them.
CREATE FUNCTION wake_workers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('procrastinate_queue_v1#' || OLD.queue_name,
                      json_build_object('type', 'job_inserted', 'job_id', OLD.id)::text);
    RETURN NULL;
END;
$$;

CREATE TRIGGER lock_released AFTER DELETE OR UPDATE OF status ON procrastinate_jobs
    FOR EACH ROW WHEN (OLD.status = 'doing' AND OLD.lock IS NOT NULL) EXECUTE FUNCTION wake_workers();
"""


def upgrade() -> None:
    """Makes the trigger. The channel is of the queue's release that 0002 names; a test sees it work."""
    context.config.attributes["driver"].execute(TRIGGER)
