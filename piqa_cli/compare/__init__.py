"""Two runs become differences, device by device and scene by scene."""
