import os

from piqa_cli.read.library_messages import library_messages


def _print_as_c(text):
    os.write(2, text)


def test_lines_past_sys_stderr_are_caught_and_cleaned(capfd):
    with library_messages() as messages:
        _print_as_c(b"tile 3: bad\x07 code\ntile 3: bad\x07 code\n")
    _print_as_c(b"afterwards\n")
    assert messages.lines == ("tile 3: bad code",)
    assert str(messages) == "tile 3: bad code"
    assert capfd.readouterr().err == "afterwards\n"


def test_a_block_that_raises_keeps_its_lines(capfd):
    messages = None
    try:
        with library_messages() as messages:
            _print_as_c(b"premature end\n")
            raise OSError("cut short")
    except OSError:
        pass
    assert messages.lines == ("premature end",)
    assert capfd.readouterr().err == ""


def test_nested_blocks_have_their_own_lines(capfd):
    with library_messages() as outer:
        _print_as_c(b"one\n")
        with library_messages() as inner:
            _print_as_c(b"two\n")
        _print_as_c(b"three\n")
    assert inner.lines == ("two",)
    assert outer.lines == ("one", "two", "three")
    assert capfd.readouterr().err == ""


def test_a_flood_is_cut():
    with library_messages() as messages:
        _print_as_c(b"".join(b"strip %d\n" % number for number in range(9)))
    assert messages.lines[-2:] == ("strip 4", "4 more messages")


def test_no_stderr_is_no_error():
    kept = os.dup(2)
    os.close(2)
    try:
        with library_messages() as messages:
            pass
    finally:
        os.dup2(kept, 2)
        os.close(kept)
    assert messages.lines == ()
