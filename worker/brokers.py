"""Where Kafka is, and how a client proves to it who it is. Values only: streaming/access uses them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

__all__ = ["MECHANISMS", "PROTOCOLS", "Brokers", "BrokersError", "FileSecret", "OAuth", "Sasl", "Tls", "secret_now"]

PROTOCOLS = ("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")
MECHANISMS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER")


class BrokersError(Exception):
    """What was given does not make a client of Kafka: says which setting, and what to do."""


class FileSecret(str):
    """A secret as its file had it when the settings were read; `now` is what the file has since."""

    __slots__ = ("_path",)
    _path: Path

    @classmethod
    def of(cls, path: Path) -> Self:
        """Raises ValueError with the end of a sentence that names the file: it cannot be read, or is empty."""
        secret = cls(_content(path))
        secret._path = path
        return secret

    def now(self) -> str:
        """While the file cannot be used, what it had at first."""
        try:
            return _content(self._path)
        except ValueError:
            return str(self)


def secret_now(secret: str) -> str:
    """A secret of the settings; one that came from a file as the file has it now."""
    return secret.now() if isinstance(secret, FileSecret) else secret


def _content(path: Path) -> str:
    """Without the newline at its end. Raises ValueError as `FileSecret.of`."""
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as broken:
        why = broken.strerror if isinstance(broken, OSError) else "it is no UTF-8"
        raise ValueError(f" cannot be read: {why}") from None
    secret = content.removesuffix("\n").removesuffix("\r")
    if not secret:
        raise ValueError(": the file is empty")
    return secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """Files in PEM. No `ca_file`: the authorities that the system trusts. No `cert_file`: no certificate of its own."""

    ca_file: str = ""
    cert_file: str = ""
    key_file: str = ""
    key_password: str = field(default="", repr=False)
    check_host: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuth:
    """Where the tokens of OAUTHBEARER come from: the client credentials of a token endpoint, or `provider`.

    `provider` is module:function, or a name in the entry-point group claimwire.token_providers. `extensions` go to the
    broker with each token.
    """

    token_url: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    scope: str = ""
    ca_file: str = ""
    extensions: tuple[tuple[str, str], ...] = ()
    provider: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sasl:
    mechanism: str = ""
    username: str = ""
    password: str = field(default="", repr=False)
    oauth: OAuth = OAuth()


@dataclass(frozen=True, slots=True)
class Brokers:
    """`addresses`: host:port, separated by commas. The same for every client of a process."""

    addresses: str
    protocol: str = "PLAINTEXT"
    tls: Tls = Tls()
    sasl: Sasl = Sasl()

    def __str__(self) -> str:
        return self.addresses

    @property
    def encrypted(self) -> bool:
        return self.protocol.endswith("SSL")

    @property
    def authenticated(self) -> bool:
        """Whether SASL says who the client is."""
        return self.protocol.startswith("SASL")

    @property
    def user(self) -> str:
        """Whom Kafka must grant rights, in words."""
        if not self.authenticated:
            return "the user in ssl_cert_file" if self.encrypted and self.tls.cert_file else "User:ANONYMOUS"
        name = self.sasl.oauth.client_id if self.sasl.mechanism == "OAUTHBEARER" else self.sasl.username
        return f"User:{name}" if name else "the user of the token"

    def check(self) -> None:
        """Raises BrokersError: the settings do not go together."""
        self._check_tls()
        self._check_sasl()
        if self.authenticated and self.sasl.mechanism == "OAUTHBEARER":
            _check_oauth(self.sasl.oauth)

    def _check_tls(self) -> None:
        tls = self.tls
        given = {"ssl_ca_file": tls.ca_file, "ssl_cert_file": tls.cert_file, "ssl_key_file": tls.key_file}
        unused = [name for name, value in given.items() if value]
        if unused and not self.encrypted:
            raise BrokersError(
                f"{unused[0]} is set, but security_protocol = {self.protocol} uses no TLS: set SSL or SASL_SSL, "
                f"or leave {unused[0]} out"
            )
        if tls.key_file and not tls.cert_file:
            raise BrokersError("ssl_key_file is set without ssl_cert_file: set the certificate that belongs to the key")

    def _check_sasl(self) -> None:
        sasl = self.sasl
        if not self.authenticated:
            given = {"sasl_mechanism": sasl.mechanism, "sasl_username": sasl.username, "sasl_password": sasl.password}
            unused = [name for name, value in given.items() if value]
            if unused:
                raise BrokersError(
                    f"{unused[0]} is set, but security_protocol = {self.protocol} uses no SASL: set SASL_SSL "
                    f"(or SASL_PLAINTEXT), or leave {unused[0]} out"
                )
            return
        if not sasl.mechanism:
            raise BrokersError(f"security_protocol = {self.protocol} needs sasl_mechanism: {', '.join(MECHANISMS)}")
        if sasl.mechanism != "OAUTHBEARER":
            for name, value in (("sasl_username", sasl.username), ("sasl_password", sasl.password)):
                if not value:
                    raise BrokersError(f"sasl_mechanism = {sasl.mechanism} needs {name}")


def _check_oauth(oauth: OAuth) -> None:
    if oauth.provider and oauth.token_url:
        raise BrokersError("oauth_provider and oauth_token_url are both set: the token comes from one of them")
    if oauth.provider:
        return
    needed = {
        "oauth_token_url (or oauth_provider)": oauth.token_url,
        "oauth_client_id": oauth.client_id,
        "oauth_client_secret": oauth.client_secret,
    }
    for name, value in needed.items():
        if not value:
            raise BrokersError(f"sasl_mechanism = OAUTHBEARER needs {name}")
