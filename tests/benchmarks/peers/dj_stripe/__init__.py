"""A Django project with dj-stripe and nothing else, set up as its documentation says; its Python is its own."""
