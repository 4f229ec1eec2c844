from __future__ import annotations

import numpy as np
import pytest
from skimage import data

from piqa_cli.face.detect import FaceDetector


@pytest.fixture(scope="session")
def detector() -> FaceDetector:
    return FaceDetector()


@pytest.fixture(scope="session")
def astronaut() -> np.ndarray:
    """512 x 512, public domain, one face."""
    return np.ascontiguousarray(data.astronaut())
