"""An OAuth 2 token endpoint on loopback, for client credentials: its tokens are unsecured JWTs."""

from __future__ import annotations

import base64
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

__all__ = ["TokenEndpoint", "unsecured_token"]


def unsecured_token(subject, life_s=3600.0):
    now = time.time()
    parts = ({"alg": "none"}, {"sub": subject, "iat": now - 1, "exp": now + life_s})
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*encoded, ""])


class TokenEndpoint:
    """`clients`: secret by id. A token's subject is the client's id. `asked` counts the tokens that were given."""

    def __init__(self, clients, life_s=3600.0):
        self.clients, self.life_s, self.asked = clients, life_s, 0
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                status, answer = endpoint.answer(self.headers.get("Authorization", ""))
                body = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/token"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def answer(self, authorization):
        client, _, secret = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        if self.clients.get(client) != secret or not secret:
            return 401, {"error": "invalid_client", "error_description": "no such client, or another secret"}
        self.asked += 1
        token = unsecured_token(client, self.life_s)
        return 200, {"access_token": token, "token_type": "bearer", "expires_in": self.life_s}

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
