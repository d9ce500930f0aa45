"""Types of the arrays that the attribution model computes with; the docstrings that use them give the shapes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["Flags", "Integers", "Reals"]

Reals = npt.NDArray[np.floating]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
