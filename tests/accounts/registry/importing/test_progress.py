"""The bar on a terminal, and nothing elsewhere."""

from io import StringIO

from accounts.registry.importing.progress import Bar, for_terminal, silent


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_a_bar_that_ends_its_line():
    terminal = Terminal()
    bar = for_terminal(terminal)
    bar("members", 50, 100)
    bar("members", 100, 100)
    half, whole = terminal.getvalue().removeprefix("\r").split("\r")
    assert half.count("█") * 2 == whole.count("█")
    assert half.endswith(" 50%")
    assert whole.endswith("100%\n")


def test_a_bar_is_not_drawn_at_every_chunk():
    terminal = Terminal()
    bar = Bar(terminal)
    for done in range(50):
        bar("members", done, 100)
    assert terminal.getvalue().count("\r") < 5


def test_an_empty_piece_of_work_is_done():
    terminal = Terminal()
    Bar(terminal)("members", 0, 0)
    assert terminal.getvalue().endswith("100%\n")


def test_a_file_or_a_pipe_gets_nothing():
    assert for_terminal(StringIO()) is silent
