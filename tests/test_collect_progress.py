import io
import unicodedata

import pytest

from answers import ACCOUNT
from assaybook.capture import DENIED, OK, Capture, Target
from assaybook.collect import progress as module
from assaybook.collect.progress import Silent, TerminalProgress, progress_on_terminal

HOSTILE = "\x1b]0;owned\x07\u202e"


def capture(state=OK, call="lambda:GetPolicy"):
    return Capture(call, Target("aws", ACCOUNT, "us-east-1"), {"FunctionName": HOSTILE}, state, message=HOSTILE)


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    return now


def test_lines_come_every_few_seconds_where_there_is_no_terminal(clock):
    stream = io.StringIO()
    with progress_on_terminal(stream) as progress:
        for second in range(20):
            clock[0] = 100.0 + second
            progress.update(second, 40)
    lines = stream.getvalue().splitlines()
    assert len(lines) == 4
    assert lines[0] == "collecting: 5 of 40 calls, about 35 s to go, 5 s so far"
    assert "\r" not in stream.getvalue()


def test_a_bar_is_drawn_over_itself_on_a_terminal(clock):
    stream = Terminal()
    with progress_on_terminal(stream) as progress:
        for number in range(11):
            clock[0] = 100.0 + number
            progress.update(number, 10)
    drawn = stream.getvalue().split("\r")
    assert drawn[1].startswith("[##......................] 1 of 10 calls")
    assert drawn[-1].startswith("[########################] 10 of 10 calls")
    assert stream.getvalue().endswith("\n")


def test_calls_without_an_answer_are_counted(clock):
    stream = io.StringIO()
    progress = TerminalProgress(stream, bar=False)
    for state in (OK, DENIED, DENIED):
        progress.noted(capture(state))
    progress.update(3, 3)
    progress.close()
    assert "3 of 3 calls, 2 not answered" in stream.getvalue()


def test_nothing_from_the_account_reaches_the_terminal(clock):
    stream = Terminal()
    progress = TerminalProgress(stream, bar=True)
    progress.noted(capture(DENIED))
    clock[0] += 10
    progress.update(1, 2)
    progress.close()
    text = stream.getvalue().replace("\r", "").replace("\n", "")
    assert not [each for each in text if unicodedata.category(each) in ("Cc", "Cf")]


def test_the_last_word_is_said_also_after_a_failure(clock):
    stream = Terminal()
    with pytest.raises(ZeroDivisionError), progress_on_terminal(stream) as progress:
        progress.update(1, 2)
        raise ZeroDivisionError
    assert "1 of 2" in stream.getvalue()


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.4, "0 s"), (59, "59 s"), (61, "1 min 1 s"), (3600, "1 h 0 min"), (7322, "2 h 2 min")]
)
def test_durations(seconds, said):
    assert module._duration(seconds) == said


def test_silence():
    silent = Silent()
    silent.update(1, 2)
    silent.noted(capture())
    assert silent.close() is None
