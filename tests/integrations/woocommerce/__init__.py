"""What tests of the WooCommerce provider stand on."""
