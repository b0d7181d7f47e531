"""ZenTao's HTML and our plain text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trackers.zentao.text import decoded, rewritten, same, to_html, to_text
from trackers.zentao.voice import heard, spoken

PIECES = [
    *"ab -*1.2<>&\"'，。😀[]()!/\t\n\r",
    "\n\n",
    "https://x.cn/a?b=1&c=2",
    "[t](https://y.cn)",
    "![](/index.php?f=1)",
    "&lt;",
    "&amp;",
    "  ",
]


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        pytest.param("", "", id="nothing"),
        pytest.param('a &lt; b &amp;&amp; c\nline2 "q" 😀', 'a < b && c\nline2 "q" 😀', id="plain"),
        pytest.param("<p>a<br>b</p><p>c</p>", "a\nb\n\nc", id="paragraphs"),
        pytest.param("<p>a</p>\n\n<p>b</p>\n", "a\n\nb", id="white space between tags"),
        pytest.param("<div>a</div><div>b</div>", "a\nb", id="divs are lines"),
        pytest.param("<ul><li>a</li><li>b</li></ul>", "- a\n- b", id="list"),
        pytest.param("<ol><li><p>a</p></li><li>b</li></ol>", "1. a\n2. b", id="numbered list"),
        pytest.param(
            "<ul><li>a<ol><li>x</li></ol></li><li>b</li></ul>", "- a\n  1. x\n- b", id="nested list"
        ),
        pytest.param(
            "<table><tr><th>键</th><th>值</th></tr><tr><td><p>a</p></td><td>1</td></tr></table>",
            "键 | 值\na | 1",
            id="table",
        ),
        pytest.param("<pre><code>if x:\n    y = 1</code></pre>", "if x:\n    y = 1", id="code"),
        pytest.param("<h1>标题</h1><p>文</p>", "标题\n\n文", id="heading"),
        pytest.param(
            '<a href="https://lanhuapp.com/web/#/item?tid=1&amp;pid=2">稿</a>',
            "[稿](https://lanhuapp.com/web/#/item?tid=1&pid=2)",
            id="link",
        ),
        pytest.param('<a href="https://x.cn/">https://x.cn/</a>', "https://x.cn/", id="bare link"),
        pytest.param("<a>x</a>", "x", id="link that was made harmless"),
        pytest.param('<a href="javascript:x()">x</a>', "x", id="script in a link"),
        pytest.param(
            '<p>见 <img src="/index.php?m=file&f=read&t=png&fileID=4" '
            'alt="index.php?m=file&amp;f=read&amp;t=png&amp;fileID=4" /></p>',
            "见 ![](/index.php?m=file&f=read&t=png&fileID=4)",
            id="image",
        ),
        pytest.param(
            '<img src="https://x.cn/a.png" alt="图一">', "![图一](https://x.cn/a.png)", id="alt"
        ),
        pytest.param(
            '<p><img src="file-read-4.png" /> <img src="zentao/data/a (1).png" alt="b" /></p>',
            "![](file-read-4.png) ![b](zentao/data/a%20%281%29.png)",
            id="images by other addresses",
        ),
        pytest.param('<img src="{7.png}" alt="{7.png}" />', "![]({7.png})", id="image by number"),
        pytest.param('a<img src="data:image/png;base64,AA=="/>b', "ab", id="image in letters"),
        pytest.param(
            '<img alt="a > b &amp; c" src=x.png>', "![a > b & c](x.png)", id="sign in value"
        ),
        pytest.param("<!-- <p>x</p> --><p>a</p><!DOCTYPE x>", "a", id="comments"),
        pytest.param("<p>1 < 2 & a <b</p>", "1 < 2 & a <b", id="signs that are no tags"),
        pytest.param(
            '<a href="https://x.cn">x <a href="https://y.cn">y</a>',
            "[x](https://x.cn) [y](https://y.cn)",
            id="link in a link",
        ),
        pytest.param(
            "<p>a</p><SCRIPT>if (a<b) x('</p>')</SCRIPT>b", "a\n\nb", id="script in capitals"
        ),
        pytest.param("<p>a</p><script>x()</script><style>p{}</style>", "a", id="script and style"),
        pytest.param("<p>半<b>开", "半开", id="tags left open"),
    ],
)
def test_what_people_wrote_in_zentao_can_be_read(stored: str, text: str) -> None:
    assert to_text(stored) == text
    assert to_text(to_html(text)) == text


@pytest.mark.parametrize(
    ("address", "image"),
    [
        pytest.param("file-read-4.png", True, id="relative"),
        pytest.param("/zentao/file-read-4.png", True, id="from the root"),
        pytest.param("https://x.cn/a.png", True, id="elsewhere"),
        pytest.param("{4.png}", True, id="by number"),
        pytest.param("javascript:x()", False, id="script"),
        pytest.param("data:text/html,x", False, id="a page in letters"),
    ],
)
def test_an_image_stays_one_when_the_words_around_it_change(address: str, image: bool) -> None:
    made = to_html(f"改过 ![图]({address})")
    assert (f'<img src="{address}" alt="图" />' in made) is image


@pytest.mark.parametrize(
    "part",
    [
        "<a ", "<p>", '<a ="<a " ', "<a b='", "</", "<!--", "<![CDATA[", "<?", "<script>", "<br>",
        "<ul><li>x", '<a href="https://x.cn">x', "<td>x</td>", "&#", "a=' b=\" ", "![", "[a](https://",
        "![](x", "</script",
    ],
)  # fmt: skip
def test_a_hostile_text_is_read_once(part: str) -> None:
    """Python's own parser needs half an hour for some of these."""
    hostile = part * 10_000
    for value in ("<p " + hostile + "<", hostile + ">"):
        assert len(to_text(value)) <= 40 * len(value)
    assert same(to_text(to_html(hostile)), hostile)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_text_comes_back_as_it_was(text: str) -> None:
    tidy = to_text(to_html(text))
    assert same(tidy, text)
    assert to_text(to_html(tidy)) == tidy
    assert to_html(tidy) == to_html(text)


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_any_text_comes_back(text: str) -> None:
    tidy = to_text(to_html(text))
    assert to_text(to_html(tidy)) == tidy


@pytest.mark.parametrize("text", ["<script>x()</script>", '<img src=x onerror="x()">', "&lt;b&gt;"])
def test_markup_in_words_is_shown_and_not_run(text: str) -> None:
    assert "<script" not in to_html(text)
    assert "<img" not in to_html(text)
    assert to_text(to_html(text)) == text


@pytest.mark.parametrize(
    ("stored", "text", "kept"),
    [
        pytest.param("<h1>a</h1>", "a", "<h1>a</h1>", id="the same text keeps its markup"),
        pytest.param("<h1>a</h1>", "a ", "<h1>a</h1>", id="white space is no difference"),
        pytest.param("<h1>a</h1>", "a\n\nb", "<h1>a</h1><p>b</p>", id="more text is put behind"),
        pytest.param("<h1>a</h1>", "c", "<p>c</p>", id="another text is written anew"),
        pytest.param(
            "a\nb", "a\nb\n\nc", "<p>a<br />b</p><p>c</p>", id="plain text gets its breaks"
        ),
        pytest.param("<p>a</p>", "", "", id="emptied"),
    ],
)
def test_as_much_markup_as_possible_stays(stored: str, text: str, kept: str) -> None:
    assert rewritten(stored, text) == kept


def test_titles_are_decoded_once() -> None:
    assert decoded("&lt;b&gt; &amp;amp; &quot;x&quot; &#039;y&#039; 😀") == "<b> &amp; \"x\" 'y' 😀"


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("text", ["", "好", "两行\n\n— 不是签名"])
@pytest.mark.parametrize("account", ["zhangsan", None])
def test_a_signature_is_put_on_and_taken_off(locale: str, text: str, account: str | None) -> None:
    comment = heard(spoken(text, "张三", account, locale))
    assert (comment.text, comment.name, comment.account) == (text, "张三", account or "")


@pytest.mark.parametrize("text", ["", "—— 张三", "张三（经督办）", "see —— x（经督办） there"])
def test_what_people_write_is_no_signature(text: str) -> None:
    comment = heard(to_html(text))
    assert (comment.text, comment.signed) == (text, False)
