import struct

from piqa_cli.formats.iso_items import main_parts, main_properties


def box(kind, content):
    return struct.pack(">I4s", 8 + len(content), kind) + content


def picture(sizes, extents):
    """The tables of a file with one item, whose table of places is given."""
    item = struct.pack(">HHH", 1, 0, len(extents)) + b"".join(extents)
    places = bytes(4) + bytes(sizes) + struct.pack(">H", 1) + item
    kinds = bytes(4) + struct.pack(">H", 1) + box(b"infe", b"\2\0\0\0\0\1\0\0hvc1\0")
    tables = box(b"pitm", bytes(4) + b"\0\1") + box(b"iinf", kinds) + box(b"iloc", places)
    properties = box(b"ipco", box(b"ispe", bytes(12)) + box(b"hvcC", bytes(23)))
    used = box(b"ipma", bytes(4) + struct.pack(">IHBBB", 1, 1, 2, 1, 0x82))
    return box(b"ftyp", b"heic") + box(b"meta", bytes(4) + tables + box(b"iprp", properties + used))


def test_a_part_has_its_place_and_configuration():
    data = picture((0x44, 0), [struct.pack(">II", 400, 50), struct.pack(">II", 500, 7)])
    (part,) = main_parts(data)
    assert (part.kind, part.extents) == ("hvc1", ((400, 450), (500, 507)))
    assert part.configuration == data.index(b"hvcC") + 4


def test_properties_come_in_the_order_in_which_they_apply():
    data = picture((0x44, 0), [struct.pack(">II", 400, 50)])
    size, coding = main_properties(data)
    assert (size.kind, coding.kind) == (b"ispe", b"hvcC")
    assert data[coding.start - 4 : coding.end] == b"hvcC" + bytes(23)
    assert main_properties(data.replace(b"\2\1\x82", b"\2\2\x81")) == (coding, size)
    assert main_properties(data[:60]) is None


def test_a_table_of_places_without_sizes_is_no_table():
    assert main_parts(picture((0, 0), [b""] * 60_000)) == ()
