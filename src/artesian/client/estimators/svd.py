"""Estimators of Singular Value Decomposition; written by tools/generate_estimators.py, not by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from artesian.client.decomposition import ComponentEstimator
from artesian.client.estimators.base import Choices, H2OEstimator

if TYPE_CHECKING:
    from artesian.client.frame.frame import H2OFrame


class H2OSingularValueDecompositionEstimator(ComponentEstimator, H2OEstimator):
    """Singular values of columns, with left and right singular vectors.

    Parameters:
        model_id: Key of the model; a new one is made when none is given. Default: None.
        training_frame: Key of the frame to train on. Default: None.
        validation_frame: Key of a frame that is scored while training but never trained on; early stopping watches
            it. Default: None.
        ignored_columns: Columns of the training frame that the model does not see. Default: None.
        ignore_const_cols: Leave out columns that hold one value only (or nothing). Default: True.
        score_each_iteration: Score after every iteration of training, however long that takes. Default: False.
        max_runtime_secs: Longest time in seconds that training may take, cross-validation included; 0 sets no
            limit. Default: 0.0.
        export_checkpoints_dir: Folder, below one of the server's export roots, into which every model that training
            makes is also written. Default: None.
        transform: What is done to numeric columns first: nothing, taking the mean away (DEMEAN), dividing by the
            deviation (DESCALE), both (STANDARDIZE), or taking the mean away and dividing by the range (NORMALIZE).
            One of none, standardize, normalize, demean, descale. Default: "none".
        svd_method: GramSVD decomposes the matrix of inner products of the inputs; Power finds one vector after the
            other by power iteration, Randomized all of them by iteration of a random subspace. One of gram_svd,
            power, randomized. Default: "gram_svd".
        nv: Number of singular vectors, at most the number of inputs. Default: 1.
        max_iterations: Most iterations of the methods Power (for each component) and Randomized. Default: 1000.
        seed: Seed of the random vectors that the methods Power and Randomized begin with; -1 draws one and reports
            it. Default: -1.
        keep_u: Keep the left singular vectors as a frame. Default: True.
        u_name: Key of the frame of left singular vectors; a new one is made when none is given. Default: None.
        use_all_factor_levels: Make an input of every level of a categorical column; off, the first level of each
            has none. Default: True.
    """

    algo = "svd"
    supervised_learning = False
    _choices: ClassVar[Choices] = {
        "transform": ("none", "standardize", "normalize", "demean", "descale"),
        "svd_method": ("gram_svd", "power", "randomized"),
    }

    def __init__(
        self,
        model_id: str | None = None,
        training_frame: H2OFrame | str | None = None,
        validation_frame: H2OFrame | str | None = None,
        ignored_columns: Sequence[str] | None = None,
        ignore_const_cols: bool = True,
        score_each_iteration: bool = False,
        max_runtime_secs: float = 0.0,
        export_checkpoints_dir: str | None = None,
        transform: str = "none",
        svd_method: str = "gram_svd",
        nv: int = 1,
        max_iterations: int = 1000,
        seed: int = -1,
        keep_u: bool = True,
        u_name: str | None = None,
        use_all_factor_levels: bool = True,
    ) -> None:
        super().__init__(
            model_id=model_id,
            training_frame=training_frame,
            validation_frame=validation_frame,
            ignored_columns=ignored_columns,
            ignore_const_cols=ignore_const_cols,
            score_each_iteration=score_each_iteration,
            max_runtime_secs=max_runtime_secs,
            export_checkpoints_dir=export_checkpoints_dir,
            transform=transform,
            svd_method=svd_method,
            nv=nv,
            max_iterations=max_iterations,
            seed=seed,
            keep_u=keep_u,
            u_name=u_name,
            use_all_factor_levels=use_all_factor_levels,
        )
