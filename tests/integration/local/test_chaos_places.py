"""The island loses every frame in silence, and small disks are full to the last byte, while nobody else notices.

Both need Linux and root, or a kernel that lets users have namespaces of their own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from local.chaos import contained
from tests.support.patience import PATIENCE_S

ROOT = Path(__file__).parents[3]

ISLAND = """
import socket, subprocess, sys, time
from local.chaos.contained import ip
from local.chaos.island import ISLAND, MAINLAND, Island

ECHO = '''
import socket, sys
server = socket.create_server((sys.argv[1], 7007))
print("up", flush=True)
peer, _ = server.accept()
while data := peer.recv(100):
    peer.sendall(data)
'''

def echoed(connection, timeout):
    connection.settimeout(timeout)
    connection.sendall(b"x")
    try:
        return connection.recv(100)
    except TimeoutError:
        return b"silence"

ip("link", "set", "lo", "up")
with Island() as island:
    there = subprocess.Popen([*island.prefix, sys.executable, "-c", ECHO, ISLAND], stdout=subprocess.PIPE)
    there.stdout.readline()
    with socket.create_connection((ISLAND, 7007), 5) as connection:
        print(echoed(connection, 5).decode())
        island.cut()
        print(echoed(connection, 0.5).decode())
        island.join()
        connection.settimeout(20)
        print(connection.recv(100).decode())  # what was lost is sent again by TCP: the connection has outlived the cut
    there.wait(60)
    back = subprocess.Popen([sys.executable, "-c", ECHO, MAINLAND], stdout=subprocess.PIPE)
    back.stdout.readline()
    ask = f"import socket; socket.create_connection(('{MAINLAND}', 7007), 5); print('from the island')"
    print(subprocess.run([*island.prefix, sys.executable, "-c", ask], capture_output=True, text=True).stdout.strip())
    back.wait(60)
"""

DISK = """
import os, sys
from pathlib import Path
from local.chaos.small_disk import SmallDisk

folder = Path(sys.argv[1])
with SmallDisk(folder, 4) as disk:
    (folder / "kept").write_text("kept")
    disk.begin(0.5)
    left = os.statvfs(folder)
    print(0.25 < left.f_bavail / left.f_blocks < 0.76)
    print(disk.fill() > 1 << 20)
    try:
        with (folder / "more").open("wb", buffering=0) as file:
            file.write(b"x")
        print("there was room")
    except OSError as error:
        print(error.strerror)
    disk.free()
    (folder / "more").write_bytes(b"x" * (1 << 20))
    print((folder / "kept").read_text(), (folder / "more").stat().st_size)
print(list(folder.iterdir()))
"""


def inside(program: str, *arguments: str) -> list[str]:
    """Run a program in namespaces of its own and return the lines that it printed."""
    done = subprocess.run(
        contained.command([sys.executable, "-c", program, *arguments]),
        cwd=ROOT,
        env={**os.environ, contained.INSIDE: "1"},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()


def test_a_cut_is_silence_in_both_directions_and_connections_outlive_it() -> None:
    assert inside(ISLAND) == ["x", "silence", "x", "from the island"]


def test_a_full_disk_is_full_and_nobody_else_sees_it(tmp_path: Path) -> None:
    folder = tmp_path / "disk"

    said = inside(DISK, str(folder))

    assert said == ["True", "True", "No space left on device", "kept 1048576", "[]"]
    assert list(folder.iterdir()) == []
