"""Copies of trained models in a folder of the user's choice, inside the server's export roots."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from artesian.core.errors import Conflict, InvalidArgument
from artesian.core.settings import Settings
from artesian.frame.io import jail
from artesian.learn.base.model import Model, is_model


def export_folder(name: str, settings: Settings) -> Path:
    """The real folder that models may be written to; made if it is not there.

    Forbidden outside of the export roots, InvalidArgument where no folder can be or nothing can be written.
    """
    folder = jail.check_export(name, settings)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidArgument(f"The folder '{name}' for models cannot be made: {error.strerror}.") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise InvalidArgument(f"The folder '{name}' for models cannot be written to.")
    return folder


def export_models(models: Iterable[Model], folder: Path) -> list[Path]:
    """Writes each model under its key (percent-encoded, so that no key leaves the folder); one of that key is replaced.

    Conflict where something that is no model has the name.
    """
    written = []
    for model in models:
        place = folder / quote(model.details.key, safe=" ()+,=@")
        if place.exists() and not is_model(place):
            raise Conflict(f"'{place}' exists and is no model; choose another folder or model_id.")
        written.append(model.save(place))
    return written
