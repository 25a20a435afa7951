"""Where a request comes from."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.http import HttpRequest

from config.audit.origin import address_of

# One customer of a provider has at least so much of IPv6, and could else try from each of its addresses.
IPV6_BITS = 64


def of(request: HttpRequest) -> str:
    """Return the sender's address, of IPv6 its network; behind a proxy it is what the proxy has written last."""
    told = address_of(request)
    if not told:
        return "unknown"
    address = ip_address(told)
    if not isinstance(address, IPv6Address):
        return str(address)
    return str(address.ipv4_mapped or ip_network((address, IPV6_BITS), strict=False))
