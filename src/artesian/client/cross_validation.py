"""Splits of a frame into rows to train on and rows to test with, as searches of scikit-learn take them (`cv=H2OKFold(frame)`).

Each split is a pair of columns of 1 and 0, one flag a row; a frame is indexed by them as by any flags.
"""

from __future__ import annotations

from collections.abc import Iterator

from artesian.client.checks import check_type
from artesian.client.exceptions import H2OValueError
from artesian.client.frame.frame import H2OFrame

Split = tuple[H2OFrame, H2OFrame]


class H2OPartitionIterator:
    """Base of the splits of `n` rows; a subclass says which rows each split tests with."""

    def __init__(self, n: int) -> None:
        if n != int(n) or n < 0:
            raise H2OValueError(f"The argument 'n' must be a number of rows. Got {n!r}.", "n")
        self.n = int(n)
        self.masks: list[H2OFrame] | None = None

    def __iter__(self) -> Iterator[Split]:
        for tested in self._test_masks():
            yield 1 - tested, tested

    def _test_masks(self) -> list[H2OFrame]:
        raise NotImplementedError("A subclass names the rows.")


class _Folds(H2OPartitionIterator):
    """Splits by a column of folds, made when it is first needed: the same each time afterwards."""

    def __init__(self, frame: H2OFrame, n_folds: int, seed: int) -> None:
        check_type("n_folds", n_folds, int)
        if n_folds < 2:
            raise H2OValueError(f"The argument 'n_folds' must be at least 2. Got {n_folds}.", "n_folds")
        super().__init__(frame.nrows)
        self.n_folds = n_folds
        self.seed = seed
        self.fold_assignments: H2OFrame | None = None
        self._frame = frame

    def __len__(self) -> int:
        return self.n_folds

    def get_n_splits(self, X: object = None, y: object = None, groups: object = None) -> int:
        """The number of splits."""
        return self.n_folds

    def split(self, X: object = None, y: object = None, groups: object = None) -> Iterator[Split]:
        """The splits."""
        return iter(self)

    def _test_masks(self) -> list[H2OFrame]:
        if self.masks is None:
            assigned = self.fold_assignments = self._assigned()
            self.masks = [assigned == fold for fold in range(self.n_folds)]
        return self.masks

    def _assigned(self) -> H2OFrame:
        raise NotImplementedError("A subclass names the folds.")


class H2OKFold(_Folds):
    """Splits into folds at random."""

    def __init__(self, fr: H2OFrame, n_folds: int = 3, seed: int = -1) -> None:
        check_type("fr", fr, H2OFrame)
        super().__init__(fr, n_folds, seed)

    def _assigned(self) -> H2OFrame:
        return self._frame.kfold_column(self.n_folds, self.seed)


class H2OStratifiedKFold(_Folds):
    """Splits into folds that have each class of a column in equal shares."""

    def __init__(self, y: H2OFrame, n_folds: int = 3, seed: int = -1) -> None:
        check_type("y", y, H2OFrame)
        super().__init__(y, n_folds, seed)

    def _assigned(self) -> H2OFrame:
        return self._frame.stratified_kfold_column(self.n_folds, self.seed)
