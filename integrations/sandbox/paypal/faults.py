"""What only a pretend PayPal does wrong on purpose: certificates and addresses that a receiver must not trust."""

from dataclasses import dataclass, field

from integrations.sandbox.faults import Faults


@dataclass(kw_only=True)
class PayPalFaults(Faults):
    """Each is a chance, as of all faults; several may strike one delivery."""

    foreign_root: float = 0
    """Deliveries: properly signed, with the certificate of a root that nobody trusts."""
    expired_certificate: float = 0
    """Deliveries: properly signed, with a certificate of ours that has expired."""
    wrong_name: float = 0
    """Deliveries: properly signed, with a certificate of ours for another name."""
    lone_certificate: float = 0
    """Deliveries: properly signed, but the certificate comes without the one that issued it."""
    other_host: float = 0
    """Deliveries: the certificate's address is at another host, whose name only begins like PayPal's."""
    plain_http: float = 0
    """Deliveries: the certificate's address is http."""
    user_info: float = 0
    """Deliveries: the certificate's address has a user's name before the host."""
    other_port: float = 0
    """Deliveries: the certificate's address has another port."""
    redirected: float = 0
    """Deliveries: the certificate's address answers with a redirect to the right one."""
    oversized: float = 0
    """Deliveries: the certificate's address answers with more than 64 KB."""
    old_time: float = 0
    """Deliveries: properly signed, but sent five days ago."""
    other_algorithm: float = 0
    """Deliveries: the named algorithm is not the one that signed."""

    forgotten: list[str] = field(default_factory=list)
    """Requests: ids of what lists and events still tell of, but nobody can ask for any more."""

    no_agreement: float = 0
    """Events: a sale does not say which subscription it is for."""
