"""JPEG XL for Pillow: the plugin's class, with errors in words and turned once."""

from __future__ import annotations

import struct

from pillow_jxl import JpegXLImagePlugin

from piqa_cli.errors import CaptureError

JpegXLImagePlugin.DECODE_THREADS = 0  # pictures are read one a process

_ORIENTATION_TAG = 0x0112
_HDR_CURVES = {16: "PQ", 18: "HLG"}  # ITU-T H.273, table 3
_FIRST_TAG = 132  # of an ICC profile, behind its header and the number of its tags


class JxlImage(JpegXLImagePlugin.JXLImageFile):  # type: ignore[misc]
    """A JPEG XL picture; opening it decodes its pixels."""

    def _open(self) -> None:
        try:
            super()._open()
        except RuntimeError:  # its text tells programmers to build libjxl anew
            raise CaptureError(
                "read", "damaged JPEG XL: libjxl can't decode it, it is cut or holds wrong bytes"
            ) from None
        if hdr := hdr_curve(self.info.get("icc_profile", b"")):
            raise CaptureError("read", f"coded for HDR displays ({hdr}): export an SDR picture")
        if not self.jpeg:
            self._forget_turn()

    def _forget_turn(self) -> None:
        """Leaves the orientation of EXIF out: libjxl has turned the picture as the codestream says.

        By ISO/IEC 18181-2 EXIF's has no say. A JPEG that was packed without loss comes back as
        it was, not turned, and its EXIF counts.
        """
        exif = self.getexif()
        stated = exif.get(_ORIENTATION_TAG, 1)
        if stated != 1:
            exif[_ORIENTATION_TAG] = 1
            self.info["original_orientation"] = stated


def hdr_curve(profile: bytes) -> str | None:
    """The curve of HDR displays that a profile's tag cicp names (ICC.1:2022, 9.2.17).

    libjxl writes the tag into the profile that it makes of a picture's own colour codes.
    """
    if len(profile) < _FIRST_TAG:
        return None
    (count,) = struct.unpack_from(">I", profile, _FIRST_TAG - 4)
    for place in range(_FIRST_TAG, min(_FIRST_TAG + 12 * count, len(profile) - 11), 12):
        name, start, _ = struct.unpack_from(">4sII", profile, place)
        if name == b"cicp" and start + 10 <= len(profile):
            return _HDR_CURVES.get(profile[start + 9])
    return None
