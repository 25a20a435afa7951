"""Turn `wc/v3` documents into those of `wc/v1`, which webhooks made in a shop's own code still speak."""

from integrations.sandbox.woocommerce.desk import Document

_DATES = ("start", "trial_end", "next_payment", "end")
_LINES = ("line_items", "shipping_lines", "fee_lines", "coupon_lines", "tax_lines")
_NEWER = frozenset({"meta_data", "payment_url", "is_editable", "needs_payment", "needs_processing", "currency_symbol"})
_NEWER_ITEM = frozenset({"meta_data", "image", "parent_name"})


def older(document: Document) -> Document:
    """Write an order or a subscription in the older shape: fewer dates, none in GMT, and `meta` without ids."""
    kept = {name: value for name, value in document.items() if not name.endswith("_gmt") and name not in _NEWER}
    dates = {f"{name}_date": document[f"{name}_date_gmt"] for name in _DATES if f"{name}_date_gmt" in document}
    return kept | dates | {name: [_line(line) for line in document[name]] for name in _LINES if name in document}


def _line(line: Document) -> Document:
    kept = {name: value for name, value in line.items() if name not in _NEWER_ITEM}
    if "price" not in line:
        return kept
    meta = [{"key": one["key"], "label": one["display_key"], "value": one["value"]} for one in line["meta_data"]]
    return kept | {"price": f"{line['price']:.2f}", "meta": meta}
