"""Every setting of the worker: its meaning, its default, and where its value came from.

To add a setting, add its line to `Settings`, in its section, and use it where the settings are turned into options.
`make settings` writes docs/settings.md. A setting of the extraction (`extraction=True`) is an argument of the same name
of `load` in stages/extract.py, and nothing else.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import TypeVar

from worker.brokers import MECHANISMS, PROTOCOLS, Brokers, BrokersError, FileSecret, OAuth, Sasl, Tls
from worker.contract.forms.own_fields import own_fields
from worker.contract.limits import MAX_ARTICLE_BYTES, MAX_TEXT_CHARS, MIN_OWN_VOICE
from worker.setting_sources import ENV, FILE, Given, SettingsError, from_environment, from_file
from worker.setting_values import Rule, Value, address, checked, host_and_port, kafka_name, pairs, token, tokens

__all__ = ["ENV", "Settings", "SettingsError", "load_settings", "sections"]

T = TypeVar("T", str, int, float, bool)


def _setting(
    default: T,
    meaning: str,
    *,
    min_: float | None = None,
    max_: float | None = None,
    choices: tuple[str, ...] = (),
    expected: Callable[[str], None] | None = None,
    extraction: bool = False,
) -> T:
    rule = Rule(min_, max_, choices, expected)
    metadata = {"meaning": meaning, "rule": rule, "type": type(default), "extraction": extraction, "secret": False}
    return field(default=default, metadata=metadata)


def _secret(meaning: str, *, expected: Callable[[str], None] | None = None) -> str:
    """A setting whose value no command and no error shows; empty: not set. NAME_file names a file that holds it."""
    rule = Rule(expected=expected)
    metadata = {"meaning": meaning, "rule": rule, "type": str, "extraction": False, "secret": True}
    return field(default="", metadata=metadata, repr=False)


def _own_names(value: str) -> None:
    own_fields(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a worker. An environment variable, CLAIMWIRE_ + the name in capitals, wins over the file."""

    brokers: str = _setting(
        "localhost:9092", "Kafka bootstrap servers, host:port, separated by commas", expected=host_and_port
    )
    security_protocol: str = _setting(
        "PLAINTEXT",
        "how the brokers are spoken to: with TLS (SSL), a login (SASL_PLAINTEXT), both (SASL_SSL), or neither",
        choices=PROTOCOLS,
    )
    ssl_ca_file: str = _setting(
        "", "PEM file with the authorities that sign the brokers' certificates; empty: those that the system trusts"
    )
    ssl_cert_file: str = _setting(
        "", "PEM file with the worker's own certificate, where the brokers ask for one, and those between it and its CA"
    )
    ssl_key_file: str = _setting("", "PEM file with the key of ssl_cert_file; empty: it is in the same file")
    ssl_key_password: str = _secret("opens the key in ssl_key_file")
    ssl_check_host: bool = _setting(
        True, "the brokers' certificates must be for the names in brokers; off: any name will do, others can listen in"
    )
    sasl_mechanism: str = _setting(
        "", "how the worker proves who it is, with SASL: " + ", ".join(MECHANISMS), choices=("", *MECHANISMS)
    )
    sasl_username: str = _setting("", "name of the worker's user in Kafka, for PLAIN and SCRAM")
    sasl_password: str = _secret("its password")
    oauth_token_url: str = _setting(
        "",
        "OAUTHBEARER: where tokens are had for client credentials, as https://login.example.com/oauth2/token",
        expected=address,
    )
    oauth_client_id: str = _setting("", "OAUTHBEARER: the worker's id at oauth_token_url")
    oauth_client_secret: str = _secret("OAUTHBEARER: its secret")
    oauth_scope: str = _setting("", "OAUTHBEARER: scope that is asked for; empty: none")
    oauth_ca_file: str = _setting(
        "", "OAUTHBEARER: PEM file with the authority of oauth_token_url; empty: those that the system trusts"
    )
    oauth_extensions: str = _setting(
        "", "OAUTHBEARER: what the broker is told beside the token, name=value, separated by commas", expected=pairs
    )
    oauth_provider: str = _setting(
        "",
        "OAUTHBEARER: instead of oauth_token_url a function that returns (token, seconds since 1970 when it expires): "
        "module:function, or an entry point of the group claimwire.token_providers",
    )
    app_id: str = _setting(
        "claimwire",
        "name of the consumer groups: {topic_prefix}{app_id}-ingest, -retry, -lifecycle and -link",
        expected=kafka_name,
    )
    topic_prefix: str = _setting(
        "",
        "put before the name of every topic and every consumer group, for several installations on one Kafka",
        expected=kafka_name,
    )
    processes: int = _setting(0, "extraction processes; 0: one for each core", min_=0, max_=1024)
    batch_records: int = _setting(16, "articles that go to a process at once", min_=1, max_=10000)
    batch_bytes: int = _setting(512 * 1024, "bytes that go to a process at once", min_=1024)
    in_flight_bytes: int = _setting(
        64 * 1024 * 1024, "bytes of articles that are read and have no outcome yet; above it intake pauses", min_=1024
    )
    article_max_bytes: int = _setting(
        MAX_ARTICLE_BYTES, "a larger article goes to the dead letters unread", min_=1, extraction=True
    )
    extraction_timeout_s: float = _setting(
        60.0,
        "seconds that an article may take before its process is replaced; keep it below watchdog_s",
        min_=0.1,
        max_=3600,
    )
    article_cpu_s: float = _setting(
        5.0,
        "CPU seconds that an article may take, whatever its length; what takes more goes to the dead letters",
        min_=0.1,
        max_=3600,
        extraction=True,
    )
    article_cpu_per_kb_s: float = _setting(
        0.25,
        "CPU seconds that an article may take besides for each 1000 characters of its body, up to text_max_chars",
        min_=0,
        max_=3600,
        extraction=True,
    )
    child_memory_bytes: int = _setting(
        2 * 1024**3,
        "memory of an extraction process: above this it is replaced after its batch, above twice this at once; "
        "0: no limit",
        min_=0,
    )
    drain_timeout_s: float = _setting(
        20.0, "seconds to finish the articles in work at a shutdown or a rebalance", min_=0, max_=3600
    )
    session_timeout_s: float = _setting(
        10.0, "seconds without a heartbeat after which Kafka gives the partitions to others", min_=6, max_=1800
    )
    commit_interval_s: float = _setting(1.0, "seconds between commits of offsets", min_=0.05, max_=300)
    idempotent_producer: bool = _setting(
        True, "on, except for brokers without idempotent producers, as the embedded one of the demo"
    )
    compression: str = _setting(
        "zstd",
        "compression of the records that are published: none, gzip, snappy, lz4 or zstd",
        choices=("none", "gzip", "snappy", "lz4", "zstd"),
    )
    request_timeout_s: float = _setting(
        10.0,
        "seconds that a broker may take to answer before the worker asks again, or another broker",
        min_=1,
        max_=300,
    )
    group_instance_id: str = _setting(
        "",
        "name of this worker in its consumer group; with the same name after a restart it keeps its partitions",
        expected=kafka_name,
    )
    on_offset_lost: str = _setting(
        "stop",
        "when Kafka has removed records that were not read yet: stop with an error, or go on at the earliest or latest",
        choices=("stop", "earliest", "latest"),
    )
    isolation: str = _setting(
        "read_committed",
        "read_committed passes over records of aborted and open transactions; read_uncommitted reads them as well",
        choices=("read_committed", "read_uncommitted"),
    )
    on_state_lost: str = _setting(
        "stop",
        "when articles.live is gone though articles were read: stop and say so, or rebuild it from articles.extracted",
        choices=("stop", "rebuild"),
    )
    state_days: int = _setting(
        0,
        "days without a new version after which an article's state is dropped, its claims stay as they are; 0: never",
        min_=0,
        max_=36500,
    )
    state_partitions: int = _setting(
        0,
        "partitions that articles.live was made for, where some were added since; 0: as many as there are",
        min_=0,
        max_=100000,
    )
    data_dir: str = _setting(
        ".claimwire", "folder for copies of the states, and for the claims of texts (recrawl_bytes)"
    )
    link: bool = _setting(
        False,
        "articles.groups, claims.relations and claims.standing are kept up to date (docs/standing.md); one of the "
        "workers does it",
    )
    link_standby: bool = _setting(
        False,
        "this worker keeps a copy of the state of linking up to date while another one links, so that it goes on at "
        "once when its turn comes; it costs nearly as much CPU and disk as linking does",
    )
    link_days: int = _setting(
        30,
        "days for which claims are linked: one that came earlier counts no more, and claims of articles that were "
        "published further apart are not compared",
        min_=1,
        max_=3650,
    )
    retry_attempts: int = _setting(
        5, "tries of a record whose failure may be temporary, with the first", min_=1, max_=1000
    )
    retry_delay_s: float = _setting(
        10.0, "seconds before the second try; each further one waits twice as long", min_=0, extraction=True
    )
    retry_delay_most_s: float = _setting(
        600.0, "upper bound of the seconds that a record waits for its next try", min_=1
    )
    ticket_key: str = _secret(
        "signs the records of articles.retry, where others than the worker may write to it: what is not signed goes to "
        "the dead letters (ticket_refused); several keys, separated by commas: the first signs, each is accepted; "
        "empty: nothing is signed",
        expected=tokens,
    )
    fields: str = _setting(
        "",
        "your records' own names for fields of an article, as `headline=title, body=content.text`; they are tried "
        "before those of the known forms",
        expected=_own_names,
        extraction=True,
    )
    breaker_share: float = _setting(
        0.5, "share of dead records above which intake pauses; 1: never (see breaker_least)", min_=0, max_=1
    )
    breaker_least: int = _setting(100, "records in the window before the breaker can open", min_=1)
    breaker_window_s: float = _setting(300.0, "seconds that the breaker looks back", min_=1)
    breaker_pause_s: float = _setting(60.0, "seconds of pause before breaker_least records are tried again", min_=1)
    watchdog_s: float = _setting(
        120.0,
        "seconds with lag and without progress after which the worker counts as not alive; 0: no watchdog",
        min_=0,
    )
    watchdog_ends: bool = _setting(False, "the watchdog also ends the process (exit code 70)")
    audit_sample_s: float = _setting(
        300.0,
        "seconds between audits of the claims of a few articles, the last that were processed; 0: none",
        min_=0,
    )
    model: bool = _setting(True, "use the trained attribution model; off: rules only", extraction=True)
    text_max_chars: int = _setting(
        MAX_TEXT_CHARS,
        "characters of an article's text; a longer one goes to the dead letters unparsed",
        min_=1000,
        extraction=True,
    )
    own_voice_least: float = _setting(
        MIN_OWN_VOICE,
        "check-worthiness (0 to 1) from which a statement of the article itself is a claim; 0: all of them, 1: none",
        extraction=True,
        min_=0,
        max_=1,
    )
    recrawl_bytes: int = _setting(
        256 * 1024 * 1024,
        "bytes in data_dir for claims and parse of each text, so that a text that comes again unchanged "
        "needs no model; 0: every article is extracted",
        min_=0,
    )
    recrawl_days: float = _setting(
        7.0, "days after which such claims are forgotten and the text is extracted again", min_=0.001, max_=3650
    )
    replay_share: float = _setting(
        0.5,
        "part of the machine's cores that a replay may use, above 0 up to 1; below 1 all other processes go first",
        min_=0.01,
        max_=1,
    )
    replay_piece_s: float = _setting(
        60.0,
        "seconds after which a replay into files closes a piece; after a crash the open piece is done again",
        min_=0.1,
    )
    web_port: int = _setting(
        6066, "port of the worker's web server: page, metrics, health; 0: none", min_=0, max_=65535
    )
    web_host: str = _setting(
        "127.0.0.1",
        "address that the web server binds; one that other machines can reach needs web_token, web_tls_client_ca_file, "
        "or web_open = true",
    )
    web_token: str = _secret(
        "what a reader of the web port must present: as the header Authorization: Bearer ..., or once as ?token=... "
        "in a browser; empty: nothing",
        expected=token,
    )
    web_open: bool = _setting(
        False, "the web port may be open to other machines without a token: behind a proxy with a login, for example"
    )
    web_tls_cert_file: str = _setting(
        "", "PEM file with the certificate of the web port, and those between it and its CA; empty: plain HTTP"
    )
    web_tls_key_file: str = _setting("", "PEM file with the key of web_tls_cert_file; empty: it is in the same file")
    web_tls_key_password: str = _secret("opens the key of web_tls_cert_file")
    web_tls_client_ca_file: str = _setting(
        "",
        "PEM file with the authorities that sign certificates of readers: who presents one needs no web_token; "
        "empty: none is asked for",
    )
    web_hosts: str = _setting(
        "",
        "names, separated by commas, by which the web port may be asked beside its address and the machine's name; "
        "a request that names another Host is refused",
    )
    web_articles: bool = _setting(
        False, "the web port also takes raw articles, as POST /articles, and publishes them to articles.raw"
    )
    web_articles_token: str = _secret(
        "what a sender of articles must present as the header Authorization: Bearer ...; it opens nothing else; empty: "
        "web_token",
        expected=token,
    )
    log_level: str = _setting("info", "debug, info, warning or error", choices=("debug", "info", "warning", "error"))
    log_format: str = _setting(
        "auto",
        "json (one object a line), text, or auto: text on a terminal, else json",
        choices=("auto", "json", "text"),
    )
    traces_endpoint: str = _setting(
        "",
        "where traces go by OTLP over HTTP, as http://127.0.0.1:4318/v1/traces; empty: none (needs the extra tracing)",
        expected=address,
    )
    traces_share: float = _setting(1.0, "share of the batches that are traced, 0 to 1", min_=0, max_=1)

    @property
    def installation(self) -> str:
        """What the names of its consumer groups begin with: no other installation on the same Kafka has the same."""
        return self.topic_prefix + self.app_id

    @property
    def kafka(self) -> Brokers:
        """Where Kafka is and how the worker gets in, for every client."""
        pairs = [pair.strip().partition("=") for pair in self.oauth_extensions.split(",") if pair.strip()]
        return Brokers(
            self.brokers,
            self.security_protocol,
            Tls(
                ca_file=self.ssl_ca_file,
                cert_file=self.ssl_cert_file,
                key_file=self.ssl_key_file,
                key_password=self.ssl_key_password,
                check_host=self.ssl_check_host,
            ),
            Sasl(
                mechanism=self.sasl_mechanism,
                username=self.sasl_username,
                password=self.sasl_password,
                oauth=OAuth(
                    token_url=self.oauth_token_url,
                    client_id=self.oauth_client_id,
                    client_secret=self.oauth_client_secret,
                    scope=self.oauth_scope,
                    ca_file=self.oauth_ca_file,
                    extensions=tuple((name, value) for name, _, value in pairs),
                    provider=self.oauth_provider,
                ),
            ),
        )

    def extraction_options(self) -> dict[str, Value]:
        """The settings of the extraction by name. With the same options an article has the same outcome."""
        return {spec.name: getattr(self, spec.name) for spec in fields(self) if spec.metadata["extraction"]}


SECTIONS = {
    "kafka": "brokers",
    "names": "app_id",
    "work": "processes",
    "delivery": "drain_timeout_s",
    "states": "on_state_lost",
    "link": "link",
    "retries": "retry_attempts",
    "breaker": "breaker_share",
    "watch": "watchdog_s",
    "extraction": "model",
    "replay": "replay_share",
    "web": "web_port",
    "logs": "log_level",
    "traces": "traces_endpoint",
}
"""The sections of the settings file and of docs/settings.md: the setting that each begins with, as in `Settings`."""


def sections() -> dict[str, str]:
    """The section of each setting."""
    begins = {first: section for section, first in SECTIONS.items()}
    section = ""
    of = {}
    for spec in fields(Settings):
        section = of[spec.name] = begins.get(spec.name, section)
    return of


def load_settings(
    environment: Mapping[str, str] | None = None,
    file: Path | None = None,
    overrides: Mapping[str, Value | None] | None = None,
) -> tuple[Settings, dict[str, str]]:
    """The settings, and by name where each value came from.

    The order, weakest first: defaults, the TOML file, the environment, the command line. Without `file`,
    CLAIMWIRE_CONFIG names it, else ./claimwire.toml is read if it exists. An override of None counts as not given.

    Raises:
        SettingsError: values are wrong, names are unknown, values do not go together, or a file cannot be read. It
            names all that is wrong, not only the first.
    """
    environment = os.environ if environment is None else environment
    sources = [from_file(environment, file, sections()), from_environment(environment)]
    sources = [_with_secrets(source) for source in sources]
    problems = [problem for source in sources for problem in source.problems]
    given = sources[0].values | sources[1].values
    given |= {name: (value, "the command line") for name, value in (overrides or {}).items() if value is not None}
    known = {spec.name: spec for spec in fields(Settings)}
    values: dict[str, Value] = {}
    origins = dict.fromkeys(known, "default")
    for name, (value, origin) in given.items():
        if name not in known:
            problems.append(f"{name} (from {origin}) is no setting{_meant(name)}; `claimwire config` lists them")
            continue
        try:
            values[name] = _value(known[name], value)
        except ValueError as expected:
            shown = "(not shown)" if known[name].metadata["secret"] else repr(value)
            problems.append(f"{name} = {shown} (from {origin}): expected {expected}")
        origins[name] = origin
    settings = Settings(**values)  # type: ignore[arg-type]  # each value has been checked against its field's type
    problems = problems or _apart(settings)
    if problems:
        raise SettingsError(*problems)
    return settings, origins


def _value(spec: Field[Value], value: object) -> Value:
    """Raises ValueError with the words for what was expected."""
    return checked(value, spec.metadata["type"], spec.metadata["rule"])


def _meant(name: str) -> str:
    near = difflib.get_close_matches(name, [spec.name for spec in fields(Settings)], 1)
    return f" (did you mean {near[0]}?)" if near else ""


def _apart(settings: Settings) -> list[str]:
    """Values that are right by themselves and do not go together."""
    problems = []
    try:
        settings.kafka.check()
    except BrokersError as apart:
        problems.append(str(apart))
    if settings.link and not settings.idempotent_producer:
        problems.append("link = true needs a broker with transactions: it does not go with idempotent_producer = false")
    return problems


def _with_secrets(given: Given) -> Given:
    """A secret's `NAME_file` is replaced by what the file holds, without the newline at its end.

    A file that cannot be read or is empty is a problem, and so is a secret that is given beside its file.
    """
    values, problems = dict(given.values), list(given.problems)
    for name in (spec.name for spec in fields(Settings) if spec.metadata["secret"]):
        if name + FILE not in given.values:
            continue
        path, origin = values.pop(name + FILE)
        if name in values:
            problems.append(f"{name} (from {values[name][1]}) and {name}{FILE} (from {origin}) are both set")
            continue
        try:
            values[name] = (FileSecret.of(Path(str(path))), f"the file {path} of {origin}")
        except ValueError as wrong:
            problems.append(f"{name}{FILE} = {str(path)!r} (from {origin}){wrong}")
    return Given(values, problems)
