"""What the vendor sells: product lines and the products in them."""
