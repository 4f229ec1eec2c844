"""Which files are captures, of which scene and device."""
