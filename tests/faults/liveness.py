"""Asks workers whether they are alive, as a probe of Kubernetes would."""

from __future__ import annotations

import http.client

from tests.faults.sampler import Sampler


class LivenessSampler(Sampler):
    """`red`: each answer of /health/live that was not 200, with the worker's number. No answer is none: a worker that
    is killed, paused or just starting says nothing.
    """

    def __init__(self, ports, every_s=0.5):
        super().__init__(every_s)
        self._ports = ports
        self.red: list[tuple[int, str]] = []
        self.answers = 0

    def sample(self):
        for number, port in enumerate(self._ports):
            self._ask(number, port)

    def _ask(self, number, port):
        answer = asked(port, "/health/live")
        if answer is None:
            return
        status, body = answer
        self.answers += 1
        if status != 200:
            self.red.append((number, body))


def asked(port, path):
    """Status and body of a worker's answer; None where none comes within a second."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
