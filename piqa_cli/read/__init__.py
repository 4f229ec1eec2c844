"""One file becomes upright sRGB pixels and EXIF."""
