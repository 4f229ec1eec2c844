"""Dense patches from edge to edge, of the photo and of the square around a face."""

import numpy as np
import pytest

from piqa_cli.models.sar.views import sar_views
from tests.models.reference import sar

NOISE = np.random.default_rng(6).integers(0, 256, (700, 900, 3), dtype=np.uint8)


@pytest.mark.parametrize("image", [NOISE, NOISE.swapaxes(0, 1)])
def test_thirty_patches_reach_every_edge(image):
    found = sar_views(image, None)
    np.testing.assert_array_equal(found["whole"], sar.patches(np.ascontiguousarray(image)))
    assert found["face"] is found["whole"]  # without a face the whole picture stands in


def test_patches_of_a_face_reach_the_edges_of_its_square():
    found = sar_views(NOISE, (400, 300, 500, 420))["face"]  # 512 px around its middle
    np.testing.assert_array_equal(found[0], NOISE[104:328, 194:418])
    np.testing.assert_array_equal(found[29], NOISE[392:616, 482:706])
