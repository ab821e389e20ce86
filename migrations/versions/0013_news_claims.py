"""What items claim of models: prices, ends and launches, to be held against the providers' own pages."""

from alembic import context

revision = "0013"
down_revision = "0012"

TABLES = """
ALTER TABLE news ADD COLUMN claims_by text;          -- the version of the reader that looked for claims; null: none yet
CREATE TABLE news_claim (                            -- read anew whenever the reader is another one
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    news        bigint NOT NULL REFERENCES news,     -- the text that makes it
    provider    text NOT NULL,                       -- whose model
    model_id    text NOT NULL,
    model_ids   text[] NOT NULL,                     -- all ids that are this very model
    claim       text NOT NULL,                       -- price retirement availability
    direction   text,                                -- of prices: cut rise; null: not told
    words       text NOT NULL,                       -- the sentence
    recorded_at timestamptz NOT NULL
);
CREATE INDEX news_claim_news ON news_claim (news);
CREATE INDEX news_claim_model ON news_claim (model_id);
"""


def upgrade() -> None:
    """Makes the column and the table."""
    context.config.attributes["driver"].execute(TABLES)
