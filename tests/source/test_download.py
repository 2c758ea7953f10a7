"""A file under its final name is whole and right, whatever the network did before."""

import socket
import threading
from pathlib import Path
from typing import Any

import pytest

from kindling.error import ConfigError, DataError
from kindling.source.archive import Archive
from kindling.source.download import provide, sources
from tests.source.mirror import CONTENT, Serve, names, pack


def fails(archive: Archive, folder: Path, *places: str | Path) -> str:
    with pytest.raises(DataError) as caught:
        provide([archive], folder, list(places))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_what_is_fetched_lies_there_alone(serve: Serve, tmp_path: Path) -> None:
    archive, packed = pack()
    server = serve(packed)
    provide([archive], tmp_path / "new" / "folder", [server.address])
    assert names(tmp_path / "new" / "folder") == ["numbers"]
    assert (tmp_path / "new" / "folder" / "numbers").read_bytes() == CONTENT


def test_a_full_cache_makes_no_request_and_takes_no_lock(serve: Serve, tmp_path: Path) -> None:
    archive, packed = pack()
    server = serve(packed)
    (tmp_path / "numbers").write_bytes(CONTENT)
    provide([archive], tmp_path, [server.address])
    assert server.asked == []
    assert not (tmp_path / ".lock").exists()


def test_mirrors_are_tried_in_their_order(serve: Serve, tmp_path: Path) -> None:
    archive, packed = pack()
    missing, good, spare = serve(packed, code=404), serve(packed), serve(packed)
    provide([archive], tmp_path, [missing.address, good.address, spare.address])
    assert [len(server.asked) for server in (missing, good, spare)] == [1, 1, 0]


def test_a_broken_connection_is_continued(serve: Serve, tmp_path: Path) -> None:
    archive, packed = pack()
    server = serve(packed, cut=[20_000])
    provide([archive], tmp_path, [server.address])
    assert server.asked == [None, "bytes=20000-"]
    assert names(tmp_path) == ["numbers"]


def test_the_next_mirror_continues_what_the_first_left(serve: Serve, tmp_path: Path) -> None:
    archive, packed = pack()
    first, second = serve(packed, cut=[20_000, 0]), serve(packed)
    provide([archive], tmp_path, [first.address, second.address])
    assert second.asked == ["bytes=20000-"]


def test_what_an_earlier_run_left_is_continued(serve: Serve, tmp_path: Path) -> None:
    archive, packed = pack()
    (tmp_path / "numbers.gz.part").write_bytes(packed[:30_000])
    server = serve(packed)
    provide([archive], tmp_path, [server.address])
    assert server.asked == ["bytes=30000-"]
    assert (tmp_path / "numbers").read_bytes() == CONTENT


def test_a_part_survives_that_no_mirror_answers(serve: Serve, tmp_path: Path) -> None:
    archive, packed = pack()
    (tmp_path / "numbers.gz.part").write_bytes(packed[:30_000])
    assert "HTTP 503" in fails(archive, tmp_path, serve(packed, code=503).address)
    assert (tmp_path / "numbers.gz.part").read_bytes() == packed[:30_000]


@pytest.mark.parametrize(
    ("behaviour", "left", "requests"),
    [
        ({"ranges": False}, 30_000, 1),
        ({"rest": b"garbage" * 2_000}, 30_000, 2),
        ({"shift": 1}, 30_000, 2),
        ({}, 10**6, 2),  # longer than the archive
    ],
    ids=["range ignored", "garbage", "wrong byte", "too much"],
)
def test_what_cannot_be_continued_starts_over(
    behaviour: dict[str, Any], left: int, requests: int, serve: Serve, tmp_path: Path
) -> None:
    archive, packed = pack()
    (tmp_path / "numbers.gz.part").write_bytes((packed * 20)[:left])
    server = serve(packed, **behaviour)
    provide([archive], tmp_path, [server.address])
    assert server.asked == [f"bytes={left}-", None][:requests]
    assert (tmp_path / "numbers").read_bytes() == CONTENT


def test_a_part_that_was_complete_is_not_fetched_again(serve: Serve, tmp_path: Path) -> None:
    archive, packed = pack()
    (tmp_path / "numbers.gz.part").write_bytes(packed)
    server = serve(packed)
    provide([archive], tmp_path, [server.address])
    assert server.asked == [f"bytes={len(packed)}-"]
    assert names(tmp_path) == ["numbers"]


def test_a_server_that_falls_silent_is_left(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kindling.source.download.TIMEOUT", 0.1)
    archive, packed = pack()
    silent = serve(packed, cut=[100, 0], stall=threading.Event())
    assert "numbers.gz (timed out)" in fails(archive, tmp_path, silent.address)
    assert silent.asked == [None, "bytes=100-"]


def test_an_endless_answer_is_cut_off(serve: Serve, tmp_path: Path) -> None:
    archive, _ = pack()
    assert "larger than its content" in fails(archive, tmp_path, serve(bytes(3 * 2**20)).address)
    assert names(tmp_path) == []


def test_offline_the_message_says_what_where_and_what_to_do(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # and nobody listens
        addresses = [f"http://127.0.0.1:{closed.getsockname()[1]}/{path}" for path in ("one", "two/")]
        told = fails(pack()[0], tmp_path, *addresses, tmp_path / "none")
    assert told.startswith("data: numbers.gz can't be had, tried ")
    assert all(f"{address.rstrip('/')}/numbers.gz (" in told for address in addresses)
    assert told.count("refused") == 2
    assert f"{tmp_path / 'none' / 'numbers.gz'} (no such file)" in told
    assert told.endswith(f"put it into {tmp_path} by hand or set data.mirror")


def test_a_page_instead_of_an_archive_is_told_with_its_address(serve: Serve, tmp_path: Path) -> None:
    server = serve(b"\n<!DOCTYPE html><title>Log in</title>")
    told = fails(pack()[0], tmp_path, server.address)
    assert f"{server.address}numbers.gz (an HTML page, not an archive)" in told
    assert names(tmp_path) == []


def test_a_wrong_archive_is_told_with_its_address_and_checksums(serve: Serve, tmp_path: Path) -> None:
    archive, packed = pack(known=False)
    server = serve(packed[:-1] + b".")
    told = fails(archive, tmp_path, server.address)
    assert f"{server.address}numbers.gz (wrong checksum, expected {archive.sha256[:12]}, got " in told
    assert names(tmp_path) == []
    assert server.asked == [None], "fetching it again would bring the same"


def test_an_archive_put_there_by_hand_is_used_and_kept(serve: Serve, tmp_path: Path) -> None:
    archive, packed = pack()
    server = serve(packed)
    (tmp_path / "numbers.gz").write_bytes(packed)
    provide([archive], tmp_path, [server.address])
    assert server.asked == []
    assert names(tmp_path) == ["numbers", "numbers.gz"]


def test_a_wrong_archive_put_there_by_hand_is_told_and_kept(serve: Serve, tmp_path: Path) -> None:
    archive, packed = pack()
    (tmp_path / "numbers.gz").write_bytes(packed[:-9])
    told = fails(archive, tmp_path, serve(packed).address)
    assert told.startswith(f"{tmp_path / 'numbers.gz'}: damaged, ")
    assert (tmp_path / "numbers.gz").read_bytes() == packed[:-9]


@pytest.mark.parametrize("kind", ["folder", "address", "home"])
def test_a_mirror_may_be_a_folder_and_keeps_its_files(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive, packed = pack()
    home = tmp_path / "a home"
    (home / "mine").mkdir(parents=True)
    (home / "mine" / "numbers.gz").write_bytes(packed)
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    mirror = {"folder": str(home / "mine"), "address": (home / "mine").as_uri(), "home": "~/mine"}[kind]
    provide([archive], tmp_path / "cache", sources(mirror, ["http://official"]))
    assert (tmp_path / "cache" / "numbers").read_bytes() == CONTENT
    assert (home / "mine" / "numbers.gz").read_bytes() == packed


def test_an_address_of_another_kind_is_refused() -> None:
    with pytest.raises(
        ConfigError, match=r"data\.mirror: expected a folder or file://, http://, https://, got"
    ):
        sources("ftp://somewhere/mnist", [])
