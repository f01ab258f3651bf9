"""Arguments under the names that they had in earlier versions of H2O's client, which scripts still use."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

from artesian.client.exceptions import H2OTypeError

F = TypeVar("F", bound=Callable[..., Any])


def older_names(**names: str) -> Callable[[F], F]:
    """Lets a function take keywords by older names: `older_names(save_to_file="save_plot_path")`.

    H2OTypeError for a value that is given by both names.
    """

    def decorate(function: F) -> F:
        @functools.wraps(function)
        def taking(*arguments: Any, **keywords: Any) -> Any:
            for old in [name for name in keywords if name in names]:
                if names[old] in keywords:
                    raise H2OTypeError(f"'{old}' is an earlier name of '{names[old]}': give one of them.", old)
                keywords[names[old]] = keywords.pop(old)
            return function(*arguments, **keywords)

        return cast(F, taking)

    return decorate
