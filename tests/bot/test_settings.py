"""Settings: the environment over the file, defaults, and what cannot be, in words."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from bot.settings import load_settings, make_data_dir, refuse_open_door
from domain.errors import UserError

KEYS = {"DUBAN_SECRET_KEYS": "k"}


def _file(folder: Path, text: str) -> dict[str, str]:
    path = folder / "duban.toml"
    path.write_text(text, encoding="utf-8")
    return {"DUBAN_CONFIG": str(path)}


def test_the_defaults_stay_on_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings(KEYS)
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.data_dir == tmp_path / "data"
    assert settings.database_url == f"sqlite:///{tmp_path / 'data' / 'duban.sqlite'}"
    assert settings.files_dir == tmp_path / "data" / "files"
    assert settings.templates_dir == tmp_path / "data" / "templates"
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("environment", "port"),
    [
        pytest.param({}, 9001, id="the file over the default"),
        pytest.param({"DUBAN_PORT": "9002"}, 9002, id="the environment over the file"),
        pytest.param({"DUBAN_PORT": ""}, 9001, id="an empty variable is not set"),
    ],
)
def test_what_wins(tmp_path: Path, environment: dict[str, str], port: int) -> None:
    file = _file(tmp_path, "port = 9001")
    assert load_settings(KEYS | file | environment).port == port


def test_every_name_of_the_file(tmp_path: Path) -> None:
    file = _file(
        tmp_path,
        f'host = "::1"\nport = "8100"\nbase_url = "https://duban.example/"\n'
        f'data_dir = "{tmp_path}"\ndatabase_url = "postgresql://h/d"\nsecret_keys = "new, old,"\n',
    )
    settings = load_settings(file)
    assert (settings.host, settings.port) == ("::1", 8100)
    assert settings.base_url == "https://duban.example"
    assert settings.database_url == "postgresql://h/d"
    assert settings.secret_keys == ("new", "old")


@pytest.mark.parametrize(
    ("written", "keys"),
    [
        pytest.param('["new", "old"]', ("new", "old"), id="two"),
        pytest.param('[" new "]', ("new",), id="one"),
    ],
)
def test_several_keys_as_a_list(tmp_path: Path, written: str, keys: tuple[str, ...]) -> None:
    assert load_settings(_file(tmp_path, f"secret_keys = {written}")).secret_keys == keys


def test_no_key_in_the_list_is_the_kept_one(tmp_path: Path) -> None:
    data = {"DUBAN_DATA_DIR": str(tmp_path)}
    assert load_settings(_file(tmp_path, "secret_keys = []") | data) == load_settings(data)


def test_an_unknown_name_is_told_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UserError) as refused:
        load_settings(_file(tmp_path, "Port = 1"))
    assert refused.value.params["name"] == "Port"
    assert "secret_keys" in str(refused.value.params["known"])


def test_the_address_of_an_ipv6_host_is_in_brackets() -> None:
    assert load_settings(KEYS | {"DUBAN_HOST": "::1"}).base_url == "http://[::1]:8000"


@pytest.mark.parametrize("port", ["x", "-1", "65536", "80.5", "²", " 80", "0x50"])
def test_a_port_that_cannot_be(port: str) -> None:
    with pytest.raises(UserError, match=r"cli\.bad_port"):
        load_settings(KEYS | {"DUBAN_PORT": port})


@pytest.mark.parametrize("port", ["0", "1", "65535"])
def test_a_port_that_can_be(port: str) -> None:
    assert load_settings(KEYS | {"DUBAN_PORT": port}).port == int(port)


@pytest.mark.parametrize(
    ("content", "key"),
    [
        pytest.param(b"port = ", "cli.bad_config", id="no TOML"),
        pytest.param(b'host = "\xff"', "cli.bad_config", id="no UTF-8"),
        pytest.param(b'host = ["a", "b"]', "cli.bad_value", id="a list"),
        pytest.param(b'secret_keys = ["a", 1]', "cli.bad_value", id="a key that is no text"),
        pytest.param(b'secret_keys = ["a", " "]', "cli.bad_value", id="an empty key"),
        pytest.param(b'secret_keys = ["a,b"]', "cli.bad_value", id="a key with a comma"),
        pytest.param(b'colour = "blue"', "cli.unknown_setting", id="a name that is not known"),
        pytest.param(b"[more]\nport = 1", "cli.unknown_setting", id="a table that is not known"),
        pytest.param(b"port = true", "cli.bad_value", id="a truth"),
        pytest.param(b"[data_dir]\na = 1", "cli.bad_value", id="a table"),
        pytest.param(b"port = 80.5", "cli.bad_value", id="a fraction"),
    ],
)
def test_a_file_that_cannot_be_is_refused(tmp_path: Path, content: bytes, key: str) -> None:
    path = tmp_path / "duban.toml"
    path.write_bytes(content)
    with pytest.raises(UserError) as refused:
        load_settings(KEYS | {"DUBAN_CONFIG": str(path)})
    assert refused.value.key == key
    assert refused.value.params["path"] == str(path)


@pytest.mark.parametrize("name", ["missing.toml", "."])
def test_a_file_that_is_not_there_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError, match=r"cli\.bad_config"):
        load_settings(KEYS | {"DUBAN_CONFIG": str(tmp_path / name)})


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        first = load_settings({"DUBAN_DATA_DIR": str(tmp_path / "new" / "data")})
    finally:
        os.umask(old)
    kept = tmp_path / "new" / "data" / "secret.key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert first.secret_keys == (kept.read_text(),)
    assert len(first.secret_keys[0]) >= 32
    again = load_settings({"DUBAN_DATA_DIR": str(kept.parent)})
    assert again.secret_keys == first.secret_keys
    assert [p.name for p in kept.parent.iterdir()] == ["secret.key"]


def test_two_folders_have_two_keys(tmp_path: Path) -> None:
    one, two = (load_settings({"DUBAN_DATA_DIR": str(tmp_path / n)}).secret_keys for n in "ab")
    assert one != two


@pytest.mark.parametrize("content", [b"", b" \n", b"\xff\xfe"])
def test_a_damaged_key_is_never_replaced_in_silence(tmp_path: Path, content: bytes) -> None:
    kept = tmp_path / "secret.key"
    kept.write_bytes(content)
    with pytest.raises(UserError, match=r"cli\.bad_key"):
        load_settings({"DUBAN_DATA_DIR": str(tmp_path)})
    assert kept.read_bytes() == content


def test_a_data_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for environment in ({}, KEYS):
        with pytest.raises(UserError, match=r"cli\.bad_data_dir") as refused:
            make_data_dir(load_settings(environment | {"DUBAN_DATA_DIR": str(tmp_path / "file")}))
        assert str(refused.value.params["path"]).endswith("file")


@pytest.mark.parametrize(
    ("host", "open_door"),
    [
        pytest.param("127.0.0.1", False, id="loopback"),
        pytest.param("127.9.9.9", False, id="all of 127"),
        pytest.param("::1", False, id="IPv6 loopback"),
        pytest.param("localhost", False, id="by name"),
        pytest.param("0.0.0.0", True, id="every address"),
        pytest.param("::", True, id="every IPv6 address"),
        pytest.param("192.168.1.5", True, id="the network"),
        pytest.param("duban.example", True, id="another name"),
        pytest.param("localhost.evil.example", True, id="a name that begins well"),
    ],
)
def test_nobody_beyond_this_machine_gets_in(host: str, open_door: bool) -> None:
    settings = load_settings(KEYS | {"DUBAN_HOST": host})
    if not open_door:
        refuse_open_door(settings)
        return
    with pytest.raises(UserError, match=r"cli\.not_loopback"):
        refuse_open_door(settings)


def test_what_duban_is_connected_to(tmp_path: Path) -> None:
    file = _file(
        tmp_path,
        f'data_dir = "{tmp_path}"\nslack_bot_token = "xoxb-1"\nslack_signing_secret = "s"\n'
        'slack_command_prefix = "/duban-"\nzentao_url = "https://pm.example/zentao/"\n'
        'zentao_account = "bot"\nzentao_password = "secret-word"\nzentao_votes = "super"\n'
        'lanhu_hosts = ["lanhuapp.com", "Lanhu.Corp.Example"]\n'
        'dingtalk_client_id = "ding1"\ndingtalk_client_secret = "hidden-word"\n',
    )
    settings = load_settings(KEYS | file | {"SLACK_APP_TOKEN": "xapp-1"})
    slack = settings.slack
    assert (slack.on, slack.http, slack.socket, slack.oauth) == (True, True, True, False)
    assert (slack.prefix, slack.umbrella) == ("duban-", "po")
    assert slack.api_base_url == "https://slack.com/api/"
    assert settings.zentao is not None
    assert (settings.zentao.url, settings.zentao.votes.value) == (
        "https://pm.example/zentao",
        "super",
    )
    assert settings.lanhu_hosts == ("lanhuapp.com", "lanhu.corp.example")
    assert settings.dingtalk.on
    assert settings.dingtalk.robot_code == "ding1"
    for secret in ("xoxb-1", "xapp-1", "secret-word", "hidden-word"):
        assert secret not in repr(settings)


@pytest.mark.parametrize(
    ("given", "root"),
    [
        pytest.param("https://pm.example", "https://pm.example", id="the host"),
        pytest.param("https://pm.example/zentao/", "https://pm.example/zentao", id="a path"),
        pytest.param("http://pm:81/zentao/my.html", "http://pm:81/zentao", id="a page"),
        pytest.param("http://pm/index.php?m=my&f=index", "http://pm", id="a page by numbers"),
        pytest.param("http://pm/z/api.php/v1", "http://pm/z", id="the API"),
        pytest.param("http://pm/z/index.php/story-view-8.html#app=p", "http://pm/z", id="a story"),
    ],
)
def test_the_address_of_zentao_is_that_of_any_of_its_pages(
    tmp_path: Path, given: str, root: str
) -> None:
    more = {"ZENTAO_URL": given, "ZENTAO_ACCOUNT": "duban", "ZENTAO_PASSWORD": "x"}
    settings = load_settings(KEYS | {"DUBAN_DATA_DIR": str(tmp_path)} | more)
    assert settings.zentao is not None
    assert settings.zentao.url == root


def test_nothing_is_connected_by_itself(tmp_path: Path) -> None:
    settings = load_settings(KEYS | {"DUBAN_DATA_DIR": str(tmp_path)})
    assert not settings.slack.on
    assert not settings.dingtalk.on
    assert settings.zentao is None


@pytest.mark.parametrize(
    ("environment", "key"),
    [
        pytest.param({"ZENTAO_URL": "https://x.example"}, "cli.missing_part", id="half of ZenTao"),
        pytest.param({"DINGTALK_CLIENT_ID": "d"}, "cli.missing_part", id="half of DingTalk"),
        pytest.param({"SLACK_API_BASE_URL": "slack"}, "cli.bad_url", id="no address"),
        pytest.param({"SLACK_API_BASE_URL": "http://[x"}, "cli.bad_url", id="a broken address"),
        pytest.param({"SLACK_COMMAND_PREFIX": "督办"}, "cli.bad_word", id="a Chinese prefix"),
        pytest.param({"SLACK_UMBRELLA": "/"}, "cli.bad_word", id="no umbrella"),
        pytest.param({"DINGTALK_MONTHLY_CALLS": "0"}, "cli.bad_number", id="no calls"),
        pytest.param({"DINGTALK_DING": "loud"}, "cli.bad_choice", id="an unknown way"),
    ],
)
def test_connections_that_cannot_be(tmp_path: Path, environment: dict[str, str], key: str) -> None:
    more = {"DINGTALK_CLIENT_SECRET": "s"} if "DINGTALK_MONTHLY_CALLS" in environment else {}
    with pytest.raises(UserError) as refused:
        load_settings(KEYS | {"DUBAN_DATA_DIR": str(tmp_path)} | environment | more
                      | ({"DINGTALK_CLIENT_ID": "d"} if more else {}))  # fmt: skip
    assert refused.value.key == key


@pytest.mark.parametrize(
    ("url", "public"),
    [
        pytest.param("", False, id="not given"),
        pytest.param("http://localhost:8000", False, id="loopback"),
        pytest.param("https://duban.example", True, id="a name"),
        pytest.param("http://192.168.1.5:8000", True, id="the office's network"),
    ],
)
def test_what_is_public(tmp_path: Path, url: str, public: bool) -> None:
    environment = KEYS | {"DUBAN_DATA_DIR": str(tmp_path), "DUBAN_BASE_URL": url}
    assert load_settings(environment).public is public
    assert load_settings(environment | {"DUBAN_HOST": "127.0.0.1"}).public is public


def test_any_host_will_do_where_the_web_chat_is_closed(tmp_path: Path) -> None:
    environment = KEYS | {"DUBAN_DATA_DIR": str(tmp_path), "DUBAN_HOST": "0.0.0.0"}
    with pytest.raises(UserError, match=r"cli\.not_loopback"):
        refuse_open_door(load_settings(environment))
    refuse_open_door(load_settings(environment | {"DUBAN_BASE_URL": "https://duban.example"}))
