CREATE OR REPLACE VIEW timeline.same_models (name, maker, maker_model, class) AS VALUES
    {{same models}};

COMMENT ON VIEW timeline.same_models IS
    'Which ids are whose model: the reviewed ids of makers, snapshots too, as sellers write them. An id that two makers use '
    'is not there, and no id is guessed.';
COMMENT ON COLUMN timeline.same_models.name IS 'The id in lower case, without the path that routers write in front.';
COMMENT ON COLUMN timeline.same_models.maker IS 'Who made the model, by id.';
COMMENT ON COLUMN timeline.same_models.maker_model IS
    'The id by which the maker sells it: of a dated snapshot the alias that is fixed to it.';
COMMENT ON COLUMN timeline.same_models.class IS
    'frontier, mid, small, code, embedding, rerank, moderation, image, audio or video: as a person reviewed it.';
