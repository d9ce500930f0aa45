"""Runs commands without any network but loopback, and with a resolver that writes down what is asked of it.

Run as root in namespaces of its own, `unshare -n -m`: python -m tests.security.watched_network COMMAND... Prints the
exit code, and the names that were asked for, as JSON.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
import threading

__all__ = ["main"]

_HEADER, _NO_SUCH_NAME = 12, b"\x81\x83"


def _name_in(question):
    """The name of a DNS question: labels, each with its length before it."""
    labels, at = [], _HEADER
    while at < len(question) and question[at]:
        labels.append(question[at + 1 : at + 1 + question[at]].decode("latin-1"))
        at += 1 + question[at]
    return ".".join(labels)


def _answer(resolver, asked):
    while True:
        question, who = resolver.recvfrom(4096)
        asked.append(_name_in(question))
        resolver.sendto(question[:2] + _NO_SUCH_NAME + question[4:6] + bytes(6) + question[_HEADER:], who)


def main(command):
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as own:
        own.write("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
        own.flush()
        subprocess.run(["mount", "--bind", own.name, "/etc/resolv.conf"], check=True)
        resolver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        resolver.bind(("127.0.0.1", 53))
        asked: list[str] = []
        threading.Thread(target=_answer, args=(resolver, asked), daemon=True).start()
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = {"code": done.returncode, "asked": asked, "out": done.stdout[:20_000], "err": done.stderr[-4000:]}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1:])
