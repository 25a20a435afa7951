"""The product's addresses and, beside them, the bare views that are yardsticks."""

from django.urls import path

from config.urls import urlpatterns as product
from tests.benchmarks.bare import insert_one_row, nothing

urlpatterns = [*product, path("bare/", insert_one_row), path("nothing/", nothing)]
