CREATE OR REPLACE VIEW timeline.installed AS
SELECT 'revision' AS kind, alembic_version.version_num::text AS name, NULL::text AS sha256 FROM aiwire.alembic_version
UNION ALL
SELECT 'view', installed_view.name, installed_view.sha256 FROM aiwire.installed_view
UNION ALL
SELECT 'former view', former_view.name, former_view.sha256 FROM aiwire.former_view;

COMMENT ON VIEW timeline.installed IS 'What `aiwire migrate` has applied: so that a reader can tell whether all is there.';
COMMENT ON COLUMN timeline.installed.kind IS 'revision (of the tables), view, or former view: a text that the view had before.';
COMMENT ON COLUMN timeline.installed.name IS 'The revision, or the name of the view or function.';
COMMENT ON COLUMN timeline.installed.sha256 IS 'Of the SQL text of a view.';
