"""Windows that LIQE looks at (Zhang et al. 2023), by numpy alone."""

from __future__ import annotations

from piqa_cli.models.blocks.crops import Pixels, crops_at
from piqa_cli.models.view_types import Views

PATCH_SIDE_PX = 224
PATCH_STRIDE_PX = 32
PATCHES = 15


def patch_origins(width: int, height: int) -> list[tuple[int, int]]:
    """(y, x) of the 15 windows that LIQE looks at, of all 224 px windows at a stride of 32 px.

    The windows are numbered row by row and every floor(N/15)-th is taken from the first on. With
    fewer than 15 windows that step is 0: the first is taken 15 times, as the authors' code does.

    Raises:
        ValueError: a side is under 224 px.
    """
    if min(width, height) < PATCH_SIDE_PX:
        raise ValueError(f"{width}x{height}: LIQE needs sides of at least {PATCH_SIDE_PX} px")
    rows = (height - PATCH_SIDE_PX) // PATCH_STRIDE_PX + 1
    columns = (width - PATCH_SIDE_PX) // PATCH_STRIDE_PX + 1
    step = rows * columns // PATCHES
    places = (divmod(index * step, columns) for index in range(PATCHES))
    return [(row * PATCH_STRIDE_PX, column * PATCH_STRIDE_PX) for row, column in places]


def liqe_patches(image: Pixels) -> Pixels:
    """Cuts LIQE's windows at native resolution, straight from the pixels.

    The published form unfolds every window as float32 first (6.6 GB for 12 MP) and then picks
    15 of them; the picked ones are the same to the bit.

    Returns:
        (15, 224, 224, 3) uint8.
    """
    height, width = image.shape[:2]
    return crops_at(image, patch_origins(width, height), PATCH_SIDE_PX)


def liqe_views(image: Pixels) -> Views:
    """`patches` (15, 224, 224, 3) uint8 of the whole photo: all that LIQE by itself looks at."""
    return {"patches": liqe_patches(image)}
