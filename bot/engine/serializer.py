"""What DBOS writes into its tables: JSON, so that nothing read from them is ever run."""

from __future__ import annotations

import json
from typing import Any

from dbos import Serializer


class JsonSerializer(Serializer):
    """JSON for arguments and results; an exception is kept as its text."""

    def name(self) -> str:
        """The name that rows carry."""
        return "duban_json"

    def serialize(self, data: Any) -> str:
        """To text; what JSON does not know is written as its ``repr``."""
        return json.dumps(data, ensure_ascii=False, default=repr)

    def deserialize(self, serialized_data: str) -> Any:  # type: ignore[override]
        """From text."""
        return json.loads(serialized_data)
