"""A module whose import takes so long that Ctrl-C comes in the middle of it."""

import time

time.sleep(8)
