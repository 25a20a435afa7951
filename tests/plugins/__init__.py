"""Parts of pytest that belong to this project; tests/conftest.py names them."""
