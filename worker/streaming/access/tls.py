"""TLS contexts from the files that the settings name, also when these are replaced while the worker runs.

A certificate that is renewed on disk (cert-manager, a mounted secret) is there for the next connection, of clients too
that were made long before.
"""

from __future__ import annotations

import logging
import ssl
from functools import cache
from pathlib import Path
from typing import Any

from worker.brokers import BrokersError, Tls, secret_now
from worker.streaming.access.file_changes import FileChanges

__all__ = ["authorities", "tls_context"]

log = logging.getLogger("claimwire.access")


class _Context(ssl.SSLContext):
    """Reads the files again at a connection, where they are others by then."""

    _tls: Tls
    _changes: FileChanges

    @classmethod
    def of(cls, tls: Tls) -> _Context:
        """Raises BrokersError."""
        context = cls(ssl.PROTOCOL_TLS_CLIENT)
        context._tls, context._changes = tls, FileChanges(tls.ca_file, tls.cert_file, tls.key_file)
        if not tls.check_host:
            context.check_hostname = False
        context._load()
        return context

    def wrap_bio(self, *args: Any, **kwargs: Any) -> ssl.SSLObject:
        if self._changes.any_since():
            try:
                self._load()
                log.info("The files of the settings ssl_... are others now: new connections use them")
            except BrokersError as broken:  # perhaps half of them is written; what was read before may still do
                log.warning("The files of the settings ssl_... have changed, and are not used: %s", broken)
        return super().wrap_bio(*args, **kwargs)

    def _load(self) -> None:
        tls = self._tls
        if tls.ca_file:
            try:
                self.load_verify_locations(tls.ca_file)
            except OSError as broken:
                raise BrokersError(_no_authorities(tls.ca_file, "ssl_ca_file", broken)) from broken
        else:
            self.load_default_certs()
        if not tls.cert_file:
            return
        try:
            # always with a password: without one OpenSSL asks for it on the terminal
            self.load_cert_chain(tls.cert_file, tls.key_file or None, password=lambda: secret_now(tls.key_password))
        except (OSError, ValueError) as broken:
            raise BrokersError(_words_for(tls, broken)) from broken


@cache
def tls_context(tls: Tls) -> ssl.SSLContext:
    """One for all clients of the process. Raises BrokersError."""
    return _Context.of(tls)


def authorities(ca_file: str, setting: str) -> ssl.SSLContext:
    """A context that trusts the file's authorities, the system's without a file. Raises BrokersError."""
    try:
        return ssl.create_default_context(cafile=ca_file or None)
    except OSError as broken:  # ssl.SSLError is one
        raise BrokersError(_no_authorities(ca_file, setting, broken)) from broken


def _no_authorities(ca_file: str, setting: str, broken: OSError) -> str:
    return f"{setting} = {ca_file}: no certificates in PEM can be read from it ({broken})"


def _words_for(tls: Tls, broken: OSError | ValueError) -> str:
    reason = getattr(broken, "reason", None) or str(broken)
    key_file = tls.key_file or tls.cert_file
    if isinstance(broken, FileNotFoundError | PermissionError | IsADirectoryError):
        return f"ssl_cert_file = {tls.cert_file}, ssl_key_file = {key_file}: cannot be read ({broken.strerror})"
    if reason == "KEY_VALUES_MISMATCH":
        return f"ssl_key_file = {key_file} is not the key of ssl_cert_file = {tls.cert_file}"
    if _is_encrypted(key_file):  # OpenSSL only says "PEM lib", whatever is wrong
        given = "ssl_key_password does not open it" if tls.key_password else "it needs ssl_key_password"
        return f"ssl_key_file = {key_file} is encrypted: {given}"
    return f"ssl_cert_file = {tls.cert_file}, ssl_key_file = {key_file}: expected PEM files ({reason})"


def _is_encrypted(key_file: str) -> bool:
    try:
        return b"ENCRYPTED" in Path(key_file).read_bytes()
    except OSError:
        return False
