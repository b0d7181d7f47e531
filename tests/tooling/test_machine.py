from __future__ import annotations

import os
import socket

import pytest

from tests.machine import SETTINGS, give_up


def test_the_network_is_closed_beyond_this_machine() -> None:
    with pytest.raises(RuntimeError, match="the network is closed"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(RuntimeError, match="the network is closed"):
        socket.getaddrinfo("duban.example", 443)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, pytest.raises(RuntimeError):
        udp.sendto(b"x", ("192.0.2.1", 53))


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()


def test_no_setting_of_this_machine_reaches_the_tests() -> None:
    assert [name for name in os.environ if name.startswith(SETTINGS)] == []


@pytest.mark.parametrize(
    ("ci", "outcome"),
    [
        pytest.param("true", pytest.fail.Exception, id="a build server has everything"),
        pytest.param("", pytest.skip.Exception, id="a person's machine may not"),
    ],
)
def test_what_is_not_available_fails_on_a_build_server_and_skips_elsewhere(
    monkeypatch: pytest.MonkeyPatch, ci: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="NOT AVAILABLE: a thing"):
        give_up("a thing")
