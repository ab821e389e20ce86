"""What is asked of sources and of captured bytes."""

from pydantic import Field

from api.parameters.shared import Parameters
from api.parameters.values import Flag, Healths, Texts


class SourceFilter(Parameters):
    """Filters of the sources."""

    provider: Texts = Field(default=[], description="Who sells or publishes, by id.")
    kind: Texts = Field(default=[], description="pricing, lifecycle, feed, catalogue, status, table or page.")
    health: Healths = Field(default=[], description="How the source does.")


class SnapshotOptions(Parameters):
    """How captured bytes are handed out."""

    attachment: Flag = Field(default=False, description="true: as a download with a file name.")
