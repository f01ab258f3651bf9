"""Models of one training for each segment of its rows."""

from __future__ import annotations

from artesian.client.exceptions import H2OValueError
from artesian.client.expr import AstName, ExprNode
from artesian.client.frame.frame import H2OFrame


class H2OSegmentModels:
    """The models of all segments, which the server holds under one name."""

    def __init__(self, segment_models_id: str | None = None) -> None:
        self._segment_models_id = segment_models_id

    @property
    def key(self) -> str | None:
        """Their name in the server, or None once detached."""
        return self._segment_models_id

    def detach(self) -> None:
        """Forgets them here without removing them there."""
        self._segment_models_id = None

    def as_frame(self) -> H2OFrame:
        """A row a segment: its values, then `model`, `status`, `errors` and `warnings`."""
        if self._segment_models_id is None:
            raise H2OValueError("These segment models were detached.")
        return H2OFrame._wrap(ExprNode("segment_models_as_frame", AstName(self._segment_models_id)))
