"""The product's addresses and, beside them, the bare view that the webhook is measured against."""

from django.urls import path

from config.urls import urlpatterns as product
from tests.benchmarks.bare import insert_one_row

urlpatterns = [*product, path("bare/", insert_one_row)]
