"""The pretend WooCommerce shop."""
