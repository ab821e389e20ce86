CREATE OR REPLACE FUNCTION timeline.now() RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
RETURN (SELECT clock.now FROM timeline.clock);

COMMENT ON FUNCTION timeline.now() IS
    'The time by which every view answers: the real time, or the time a rehearsal has set.';
