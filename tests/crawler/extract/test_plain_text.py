"""What a feed calls text becomes plain text: nothing that would do something stays, however it was hidden."""

import time

import pytest

from crawler.extract.plain_text import plain, web_link


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("<p>Two <b>rates</b></p><p>more</p>", "Two rates more"),
        ("a<script>alert(1)</script>b", "a b"),
        ("a &lt;script&gt;alert(1)&lt;/script&gt; b", "a b"),
        ("<scr<script>x</script>ipt>alert(1)</script>", "alert(1)"),
        ("a <img src=x onerror=alert(1)> &lt;img src=x onerror=alert(1)&gt;", "a"),
        ("a <svg onload=alert(1)><path/></svg> b <!-- secret --> c", "a b c"),
        ("a <style>p { }", "a"),
        ('<iframe src="https://track.example"></iframe>Text', "Text"),
        ("5 &lt; 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ("Points: 120 # Comments: 33 on a launch", "on a launch"),
        ("bi\u202edi\u0000 \u200bzero", "bidi zero"),
    ],
)
def test_nothing_that_does_something_stays(text: str, left: str) -> None:
    assert plain(text, 200) == left


@pytest.mark.parametrize("piece", ["<script>", "<!--", "<svg ", "<", "<a ", "&lt;script&gt;", "<template>"])
def test_the_time_is_linear(piece: str) -> None:
    began = time.process_time()
    assert len(plain(piece * 20_000, 2_000)) <= 2_000
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("https://wire.example/a?utm_source=rss&utm_medium=feed", "https://wire.example/a"),
        ("https://wire.example/a?id=7&fbclid=x&page=2", "https://wire.example/a?id=7&page=2"),
        ("https://wire.example/a?q=a+b%20c", "https://wire.example/a?q=a+b%20c"),
        ("https://wire.example/changes#v1-2", "https://wire.example/changes#v1-2"),
        ("https://wire.example/a#utm_campaign=x", "https://wire.example/a"),
        ("/posts/1", "https://wire.example/posts/1"),
        ("javascript:alert(1)", ""),
        ("https://user:secret@wire.example/", ""),
    ],
)
def test_links_lead_where_they_did_and_tell_nobody_whence(link: str, kept: str) -> None:
    assert web_link(link, "https://wire.example/feed") == kept
