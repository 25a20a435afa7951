"""Pages of our own among the admin's."""

urlpatterns: list[str] = []
