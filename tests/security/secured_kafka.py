"""A Kafka with an authorizer and a listener for each way in: plain, TLS, SASL, both, and with wrong certificates."""

from __future__ import annotations

from dataclasses import dataclass

from confluent_kafka import Producer
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    NewTopic,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from tests.security.certificates import KEY_PASSWORD, Authority
from tests.security.token_endpoint import TokenEndpoint
from worker.brokers import Brokers, OAuth, Sasl, Tls
from worker.local.kafka import start_kafka

__all__ = ["MECHANISMS", "PASSWORD", "Acl", "SecuredKafka"]

MECHANISMS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER")
PASSWORD = "of-a-test-user"
_ADMIN = "admin-of-the-test"
_PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule required"
_KINDS = {
    "topic": ResourceType.TOPIC,
    "group": ResourceType.GROUP,
    "transactional id": ResourceType.TRANSACTIONAL_ID,
    "cluster": ResourceType.BROKER,
}
_LISTENERS = {
    "CONTROLLER": "SASL_PLAINTEXT",
    "PLAINTEXT": "PLAINTEXT",
    "SSL": "SSL",
    "MTLS": "SSL",
    "SASL_PLAINTEXT": "SASL_PLAINTEXT",
    "SASL_SSL": "SASL_SSL",
    "EXPIRED": "SSL",
    "FOREIGN": "SSL",
    "ELSEWHERE": "SSL",
}


@dataclass(frozen=True)
class Acl:
    """`operation` on the `kind` (topic, group, transactional_id or cluster) of this name, or of names that begin so."""

    user: str
    operation: str
    kind: str
    name: str
    prefixed: bool = False

    def _fields(self, pattern):
        return (
            _KINDS[self.kind],
            self.name,
            pattern,
            f"User:{self.user}",
            "*",
            AclOperation[self.operation],
            AclPermissionType.ALLOW,
        )

    @property
    def binding(self):
        return AclBinding(*self._fields(self._pattern))

    @property
    def filter(self):
        return AclBindingFilter(*self._fields(self._pattern))

    @property
    def _pattern(self):
        return ResourcePatternType.PREFIXED if self.prefixed else ResourcePatternType.LITERAL


class SecuredKafka:
    """`users` may log in by each mechanism, with PASSWORD. None but the administrator has any right at first."""

    def __init__(self, folder, users):
        self.folder, self.users = folder, users
        self.ours, self.foreign = Authority(folder, "ours"), Authority(folder, "foreign")
        self.tokens = TokenEndpoint(dict.fromkeys(users, PASSWORD))
        self.cluster = start_kafka(properties=self._properties(), listeners=_LISTENERS)
        try:
            self.admin = AdminClient(self.foreign_login("SASL_PLAINTEXT", "PLAIN", "admin", _ADMIN))
            self._add_scram_users()
        except BaseException:
            self.stop()
            raise

    def stop(self):
        self.cluster.stop()
        self.tokens.stop()

    def _properties(self):
        sign, admins = self.ours.sign, f'username="admin" password="{_ADMIN}" user_admin="{_ADMIN}"'
        logins = " ".join(f'user_{user}="{PASSWORD}"' for user in self.users)
        stores = {
            "ssl": sign("broker"),
            "mtls": sign("broker", file="broker-mtls"),
            "sasl_ssl": sign("broker", file="broker-sasl"),
            "expired": sign("broker", expired=True, file="broker-expired"),
            "foreign": self.foreign.sign("broker", file="broker-foreign"),
            "elsewhere": sign("broker", hosts=("kafka.example.com",), file="broker-elsewhere"),
        }
        properties = {
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users": "User:admin",
            "inter.broker.listener.name": "SASL_PLAINTEXT",
            "sasl.mechanism.inter.broker.protocol": "PLAIN",
            "sasl.mechanism.controller.protocol": "PLAIN",
            "listener.name.controller.sasl.enabled.mechanisms": "PLAIN",
            "listener.name.controller.plain.sasl.jaas.config": f"{_PLAIN} {admins};",
            "listener.name.mtls.ssl.client.auth": "required",
            "ssl.principal.mapping.rules": "RULE:^CN=([^,]*).*$/$1/",
        }
        for listener in ("sasl_plaintext", "sasl_ssl"):
            own = f"listener.name.{listener}"
            module = "org.apache.kafka.common.security"
            properties |= {
                f"{own}.sasl.enabled.mechanisms": ",".join(MECHANISMS),
                f"{own}.plain.sasl.jaas.config": f"{_PLAIN} {admins} {logins};",
                f"{own}.scram-sha-256.sasl.jaas.config": f"{module}.scram.ScramLoginModule required;",
                f"{own}.scram-sha-512.sasl.jaas.config": f"{module}.scram.ScramLoginModule required;",
                f"{own}.oauthbearer.sasl.jaas.config": f"{module}.oauthbearer.OAuthBearerLoginModule required;",
                f"{own}.oauthbearer.connections.max.reauth.ms": "3600000",  # else a token's end would end no connection
            }
        for listener, store in stores.items():
            own = f"listener.name.{listener}.ssl"
            properties |= {
                f"{own}.keystore.type": "PEM",
                f"{own}.keystore.location": str(store),
                f"{own}.truststore.type": "PEM",
                f"{own}.truststore.location": str(self.ours.path),
            }
        return properties

    def _add_scram_users(self):
        # Kafka takes one mechanism of a user in a request
        for mechanism in (ScramMechanism.SCRAM_SHA_256, ScramMechanism.SCRAM_SHA_512):
            credential = ScramCredentialInfo(mechanism, 4096)
            wanted = [UserScramCredentialUpsertion(user, credential, PASSWORD.encode()) for user in self.users]
            for done in self.admin.alter_user_scram_credentials(wanted).values():
                done.result(30)

    def address(self, listener):
        return self.cluster.listeners[listener]

    def brokers(self, listener, *, user="worker", mechanism="PLAIN", password=PASSWORD, tls=None):
        """How a user gets in by a listener; `tls`: what differs from the right TLS."""
        protocol = _LISTENERS[listener]
        given = {}
        if protocol.endswith("SSL"):
            given = {"ca_file": str(self.ours.path)}
            if listener == "MTLS":
                given |= {"cert_file": str(self.client_certificate(user)), "key_password": KEY_PASSWORD}
        sasl = Sasl()
        if protocol.startswith("SASL") and mechanism == "OAUTHBEARER":
            oauth = OAuth(token_url=self.tokens.url, client_id=user, client_secret=password)
            sasl = Sasl(mechanism=mechanism, oauth=oauth)
        elif protocol.startswith("SASL"):
            sasl = Sasl(mechanism=mechanism, username=user, password=password)
        return Brokers(self.address(listener), protocol, Tls(**given | (tls or {})), sasl)

    @property
    def administrator(self):
        return self.brokers("SASL_PLAINTEXT", user="admin", password=_ADMIN)

    def client_certificate(self, user):
        path = self.folder / f"{user}.pem"
        return path if path.exists() else self.ours.sign(user, encrypted=True)

    def foreign_login(self, listener, mechanism, user, password=PASSWORD):
        """The configuration of a client of librdkafka."""
        return {
            "bootstrap.servers": self.address(listener),
            "security.protocol": _LISTENERS[listener],
            "sasl.mechanism": mechanism,
            "sasl.username": user,
            "sasl.password": password,
            "ssl.ca.location": str(self.ours.path),
            "log_level": 0,
        }

    def write(self, topic, value, key=None, headers=()):
        producer = Producer(self.foreign_login("SASL_PLAINTEXT", "PLAIN", "admin", _ADMIN))
        producer.produce(topic, value=value, key=key, headers=list(headers))
        assert producer.flush(60) == 0

    def create_topics(self, *names):
        for done in self.admin.create_topics([NewTopic(name, 1, 1) for name in names]).values():
            done.result(30)

    def grant(self, *acls):
        for done in self.admin.create_acls([acl.binding for acl in acls]).values():
            done.result(30)

    def revoke(self, *acls):
        for done in self.admin.delete_acls([acl.filter for acl in acls]).values():
            done.result(30)
