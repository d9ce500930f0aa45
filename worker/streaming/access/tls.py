"""TLS contexts from the files that the settings name."""

from __future__ import annotations

import ssl
from functools import cache
from pathlib import Path

from worker.brokers import BrokersError, Tls

__all__ = ["authorities", "tls_context"]


@cache
def tls_context(tls: Tls) -> ssl.SSLContext:
    """The files are read once in a process. Raises BrokersError."""
    context = authorities(tls.ca_file, "ssl_ca_file")
    if not tls.check_host:
        context.check_hostname = False
    if not tls.cert_file:
        return context
    try:
        # always with a password: without one OpenSSL asks for it on the terminal
        context.load_cert_chain(tls.cert_file, tls.key_file or None, password=lambda: tls.key_password)
    except (OSError, ValueError) as broken:
        raise BrokersError(_words_for(tls, broken)) from broken
    return context


def authorities(ca_file: str, setting: str) -> ssl.SSLContext:
    """A context that trusts the file's authorities, the system's without a file. Raises BrokersError."""
    try:
        return ssl.create_default_context(cafile=ca_file or None)
    except OSError as broken:  # ssl.SSLError is one
        raise BrokersError(f"{setting} = {ca_file}: no certificates in PEM can be read from it ({broken})") from broken


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
