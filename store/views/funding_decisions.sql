CREATE OR REPLACE VIEW timeline.funding_decisions AS
SELECT decision.id, decision.verdict, decision.these, decision.those, decision.because, decision.made_at,
       decision.undone_at
  FROM aiwire.funding_decision AS decision;

COMMENT ON VIEW timeline.funding_decisions IS
    'What a person decided about which items tell one deal. Of two decisions about the same pair the later one counts.';
COMMENT ON COLUMN timeline.funding_decisions.id IS 'Its number: `aiwire funding undo` takes it.';
COMMENT ON COLUMN timeline.funding_decisions.verdict IS
    'apart (no item of the one side is of the same deal as one of the other) or together (all of them are).';
COMMENT ON COLUMN timeline.funding_decisions.these IS 'Items of the one side.';
COMMENT ON COLUMN timeline.funding_decisions.those IS 'Items of the other.';
COMMENT ON COLUMN timeline.funding_decisions.because IS 'Why.';
COMMENT ON COLUMN timeline.funding_decisions.made_at IS 'When it was decided.';
COMMENT ON COLUMN timeline.funding_decisions.undone_at IS 'When it was undone; null: it holds.';
