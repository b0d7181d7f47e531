"""Links to designs: every form that is known, in running text, without the password."""

from __future__ import annotations

import pytest

from domain.lanhu import (
    DesignKind,
    DesignLink,
    find_links,
    parse_link,
    says_changed,
    without_links,
    without_passwords,
)

HOST = "https://lanhuapp.com"
PAGE = f"{HOST}/web/#/item/project"
SHORT = f"{HOST}/url/abcde"
AT = "lanhuapp.com"


@pytest.mark.parametrize(
    ("url", "link"),
    [
        pytest.param(
            f"{PAGE}/stage?tid=t1&pid=p1", ("board", {"team": "t1", "project": "p1"}), id="board"
        ),
        pytest.param(f"{PAGE}/board?pid=p1", ("board", {"project": "p1"}), id="older board"),
        pytest.param(
            f"{PAGE}/detailDetach?tid=t1&pid=p1&project_id=p1&image_id=i1&fromEditor=true&type=image",
            ("image", {"team": "t1", "project": "p1", "image": "i1"}),
            id="image",
        ),
        pytest.param(
            f"{PAGE}/detailDetach?project_id=p1&image_id=i1",
            ("image", {"project": "p1", "image": "i1"}),
            id="image without a team",
        ),
        pytest.param(
            f"{PAGE}/product?tid=t1&pid=p1&versionId=v1&docId=d1&docType=axure&pageId=g1"
            "&image_id=d1&parentId=x",
            ("doc", {"team": "t1", "project": "p1", "doc": "d1", "version": "v1", "page": "g1"}),
            id="document at a version and a page",
        ),
        pytest.param(
            f"{PAGE}/product?tid=t1&pid=p1&docId=d1",
            ("doc", {"team": "t1", "project": "p1", "doc": "d1"}),
            id="document",
        ),
        pytest.param(
            f"{HOST}/link/#/invite?sid=lX0uLF3v", ("invite", {"share": "lX0uLF3v"}), id="invite"
        ),
        pytest.param(
            f"{HOST}/url/yt4Tw-ystqa", ("short", {"share": "yt4Tw-ystqa"}), id="short, two parts"
        ),
        pytest.param(f"{HOST}/url/tzWeO", ("short", {"share": "tzWeO"}), id="short"),
        pytest.param(f"{HOST}/news/2030", ("other", {}), id="a form of 2030"),
    ],
)
def test_a_link_is_taken_apart(url: str, link: tuple[str, dict[str, str]]) -> None:
    kind, parts = link
    assert parse_link(url) == DesignLink(url, DesignKind(kind), AT, **parts)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param(
            f"{PAGE}/product?pid=p&docId=d&versionId=v1",
            f"{PAGE}/product?tid=t&project_id=p&docId=d&versionId=v2&pageId=g",
            True,
            id="another version and page",
        ),
        pytest.param(
            f"{PAGE}/detailDetach?pid=p&image_id=i",
            f"{PAGE}/detailDetach?tid=t&project_id=p&image_id=i&type=image",
            True,
            id="pid and project_id",
        ),
        pytest.param(
            f"{PAGE}/detailDetach?pid=p&image_id=i",
            f"{PAGE}/detailDetach?pid=p&image_id=j",
            False,
            id="another image",
        ),
        pytest.param(
            f"{PAGE}/stage?pid=p", f"{PAGE}/detailDetach?pid=p&image_id=i", False, id="the board"
        ),
        pytest.param(
            f"{HOST}/url/abc", "https://lanhu.example.cn/url/abc", False, id="another host"
        ),
        pytest.param(f"{HOST}/url/abc", "https://www.lanhuapp.com/url/abc", True, id="www"),
    ],
)
def test_the_key_names_a_design_whatever_its_version(one: str, other: str, *, same: bool) -> None:
    assert (parse_link(one).key == parse_link(other).key) is same


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        pytest.param(f"见 {SHORT}，密码:xGAE", [SHORT], id="comma"),
        pytest.param(f"见（{SHORT}）", [SHORT], id="in brackets"),
        pytest.param(f"<{SHORT}|原型>", [SHORT], id="as Slack writes links"),
        pytest.param("https://evil-lanhuapp.com/url/abc", [], id="another host"),
        pytest.param("https://lanhuapp.com.evil.cn/url/abc", [], id="a longer host"),
        pytest.param("https://dds.lanhuapp.com/x.png", [], id="content, no design"),
        pytest.param(f"{SHORT} {SHORT}", [SHORT], id="twice"),
        pytest.param(
            f"{HOST}/link/#/invite?sid=abc&pwd=1234",
            [f"{HOST}/link/#/invite?sid=abc"],
            id="password inside",
        ),
        pytest.param("https://lanhu.corp.cn/url/abc", [], id="a host that is not set"),
        pytest.param("no link", [], id="none"),
    ],
)
def test_links_are_found(text: str, urls: list[str]) -> None:
    assert [x.url for x in find_links(text)] == urls


def test_a_company_names_its_own_host() -> None:
    text = f"https://lanhu.corp.cn/url/abc {SHORT}"
    assert [x.host for x in find_links(text, ("lanhu.corp.cn",))] == ["lanhu.corp.cn"]
    assert find_links(text, ()) == ()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param(f"{SHORT} 密码:xGAE 请看", f"{SHORT} 请看", id="colon"),
        pytest.param(f"{SHORT} 密码 xGAE", SHORT, id="space"),
        pytest.param(f"{SHORT}，密码：xGAE", SHORT, id="after a comma"),
        pytest.param(f"{SHORT}（访问密码：xGAE）请看", f"{SHORT}请看", id="in brackets"),
        pytest.param(f"提取码：1234 {SHORT}", SHORT, id="before"),
        pytest.param(f"{SHORT}\nPassword: x1GA\n请看", f"{SHORT}\n\n请看", id="on its own line"),
        pytest.param(f"密码重置页面 {SHORT}", f"密码重置页面 {SHORT}", id="about passwords"),
        pytest.param(f"  - 甲  乙 {SHORT}", f"- 甲  乙 {SHORT}", id="spaces are left"),
        pytest.param("登录密码:abcd 规则", "登录密码:abcd 规则", id="no link, nothing removed"),
    ],
)
def test_a_password_beside_a_link_is_not_kept(text: str, kept: str) -> None:
    assert without_passwords(text) == kept


@pytest.mark.parametrize("text", [f"见 [{HOST}]", f"{HOST}：登录页", f"{HOST}？"])
def test_an_address_that_is_none_is_kept_as_it_is(text: str) -> None:
    (link,) = find_links(text)
    assert link.kind is DesignKind.OTHER


def test_many_spaces_beside_a_link_take_no_time() -> None:
    """Everything that anybody says passes here; with the square of them this took half an hour."""
    text = f"{SHORT}{' ' * 200_000}密码：xGAE"
    assert without_passwords(text) == SHORT


def test_a_line_can_do_without_its_links() -> None:
    assert without_links(f"首页 {SHORT} 已更新") == "首页 已更新"


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        pytest.param("已更新", True, id="updated"),
        pytest.param("首页改了按钮", True, id="changed"),
        pytest.param("the login page was updated", True, id="english"),
        pytest.param("没有更新", False, id="not updated"),
        pytest.param("未更新了", False, id="not updated either"),
        pytest.param("请看原型", False, id="just a link"),
    ],
)
def test_words_that_say_a_design_is_new(text: str, *, changed: bool) -> None:
    assert says_changed(text) is changed
