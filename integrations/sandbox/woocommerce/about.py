"""What a shop says about itself: the index of its API, its system status, and its subscription statuses."""

from typing import TYPE_CHECKING

from integrations.sandbox.wire import Answer
from integrations.sandbox.woocommerce.calls import Call
from integrations.sandbox.woocommerce.desk import Document
from integrations.sandbox.woocommerce.listing import answered, known_statuses
from integrations.sandbox.woocommerce.verbs import STATUSES

if TYPE_CHECKING:
    from integrations.sandbox.woocommerce.shop import WooShop

_NAMESPACES = ("oembed/1.0", "wc/v1", "wc/v2", "wc/v3", "wc/store/v1", "wp/v2")
_FIRST_WITH_ROUTES = (3, 1)
_VERSION = "10.3.4"


def has_subscriptions(shop: "WooShop") -> bool:
    """Tell whether the shop's plugin is there, and new enough to answer in this version of the API."""
    parts = tuple(int(part) for part in shop.faults.plugin.split(".")[:2] if part.isdecimal())
    return parts >= _FIRST_WITH_ROUTES


def index(shop: "WooShop", call: Call) -> Answer:
    """Describe the site; anybody may ask."""
    return answered(
        call,
        {
            "name": "Sandbox shop",
            "description": "A pretend shop",
            "url": shop.address,
            "home": shop.address,
            "gmt_offset": shop.desk.hours,
            "timezone_string": "",
            "namespaces": list(_NAMESPACES),
            "authentication": {},
            "routes": {},
        },
    )


def system_status(shop: "WooShop", call: Call) -> Answer:
    """Describe the installation, with the plugins that are active."""
    return answered(
        call,
        {
            "environment": {
                "home_url": shop.address,
                "site_url": shop.address,
                "version": _VERSION,
                "wp_version": "6.8.3",
                "wp_multisite": False,
                "wp_debug_mode": False,
                "language": "en_US",
                "php_version": "8.3.14",
            },
            "active_plugins": _plugins(shop),
            "settings": {
                "api_enabled": False,
                "currency": shop.desk.currency,
                "currency_symbol": shop.desk.symbol,
                "currency_position": "right",
                "thousand_separator": " ",
                "decimal_separator": ",",
                "number_of_decimals": shop.desk.decimals,
            },
        },
    )


def statuses(shop: "WooShop", call: Call) -> Answer:
    """Name the statuses of subscriptions by their prefixed keys; anybody may ask."""
    with shop.lock:
        known = known_statuses(shop, "subscription")
    return answered(call, {f"wc-{name}": STATUSES.get(name, name.replace("-", " ").title()) for name in known})


def _plugins(shop: "WooShop") -> list[Document]:
    own = _plugin("woocommerce/woocommerce.php", "WooCommerce", _VERSION)
    if not shop.faults.plugin:
        return [own]
    path = "woocommerce-subscriptions/woocommerce-subscriptions.php"
    return [own, _plugin(path, "WooCommerce Subscriptions", shop.faults.plugin)]


def _plugin(path: str, name: str, version: str) -> Document:
    return {
        "plugin": path,
        "name": name,
        "version": version,
        "version_latest": version,
        "url": "https://woocommerce.com/",
        "author_name": "WooCommerce",
        "author_url": "https://woocommerce.com/",
        "network_activated": False,
    }
