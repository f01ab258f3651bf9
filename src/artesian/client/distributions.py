"""Distributions to derive one's own from, for `upload_custom_distribution`; the server runs their source, with arrays of rows.

They are the built-in distributions gaussian, bernoulli and multinomial in Python. A class of one's own mostly changes
`gradient`, and `gamma` with it:

    class Asymmetric(CustomDistributionGaussian):
        def gradient(self, y, f):
            error = y - f
            return (error > 0) * error + 3 * (error < 0) * error

This one counts errors three times where the prediction is too high. Written with products as here, or with numpy's `where`
imported inside of the method, a method takes all rows at once; with `if` it is called row by row, which takes longer.
"""

from __future__ import annotations

from typing import Any

__all__ = [
    "CustomDistributionBernoulli",
    "CustomDistributionGaussian",
    "CustomDistributionGeneric",
    "CustomDistributionMultinomial",
]


class CustomDistributionGeneric:
    """The methods of a distribution; as it is, it fits nothing and predicts 0."""

    def link(self) -> str:
        """Name of the link: identity, log or inverse; logit, ologit, ologlog or oprobit for a share or two classes."""
        return "identity"

    def init(self, w: Any, o: Any, y: Any) -> list[Any]:
        """Numerator and denominator of the mean to start from, for rows of weight `w`, offset `o` and response `y`."""
        return [0 * w, w]

    def gradient(self, y: Any, f: Any, l: Any = None) -> Any:  # noqa: E741 - the name that H2O has
        """Half the negative gradient of the loss by the output `f`; of several classes for class `l`, `f` its probability."""
        return 0 * f

    def gamma(self, w: Any, y: Any, z: Any, f: Any) -> list[Any]:
        """Numerator and denominator of a leaf's value, `z` being the gradient."""
        return [0 * w, w]


class CustomDistributionGaussian(CustomDistributionGeneric):
    """Squared errors of amounts."""

    def init(self, w: Any, o: Any, y: Any) -> list[Any]:
        """The mean of the response less the offset."""
        return [w * (y - o), w]

    def gradient(self, y: Any, f: Any) -> Any:  # type: ignore[override]  # no class to tell
        """The error."""
        return y - f

    def gamma(self, w: Any, y: Any, z: Any, f: Any) -> list[Any]:
        """The mean error."""
        return [w * z, w]


class CustomDistributionBernoulli(CustomDistributionGeneric):
    """The logarithmic loss of two classes."""

    def exp(self, x: Any) -> Any:
        """The exponential, at most 1e19."""
        import java.lang.Math as Math  # type: ignore[import-not-found]  # the server has it

        return Math.min(1e19, Math.exp(x))

    def link(self) -> str:
        """The output is the logit of the second class's probability."""
        return "logit"

    def init(self, w: Any, o: Any, y: Any) -> list[Any]:
        """The share of the second class."""
        return [w * (y - o), w]

    def gradient(self, y: Any, f: Any) -> Any:  # type: ignore[override]  # no class to tell
        """What the probability lacks of the response."""
        return y - 1 / (1 + self.exp(-f))

    def gamma(self, w: Any, y: Any, z: Any, f: Any) -> list[Any]:
        """One step of Newton's method."""
        p = y - z
        return [w * z, w * p * (1 - p)]


class CustomDistributionMultinomial(CustomDistributionGeneric):
    """The logarithmic loss of three or more classes."""

    def link(self) -> str:
        """Named for completeness: probabilities are the softmax of the classes' outputs."""
        return "log"

    def init(self, w: Any, o: Any, y: Any) -> list[Any]:
        """Not asked for: several classes start from 0."""
        return [w * (y - o), w]

    def gradient(self, y: Any, f: Any, l: Any) -> Any:  # type: ignore[override]  # noqa: E741 - the name that H2O has
        """What the probability `f` of class `l` lacks of 1 for rows of that class, of 0 for others."""
        return 1 * (y == l) - f

    def gamma(self, w: Any, y: Any, z: Any, f: Any) -> list[Any]:
        """One step of Newton's method."""
        size = abs(z)
        return [w * z, w * size * (1 - size)]
