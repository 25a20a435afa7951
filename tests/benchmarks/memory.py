"""Apply so many records in this process and print how much memory it took at most, in MB."""

import resource
import sys

import django


def main(size: int) -> None:
    """Apply records as they are made, and hold none of them."""
    django.setup()
    from subscriptions.models import Store
    from tests.benchmarks import applying

    applying.empty()
    store = Store.objects.create(name=f"memory {size}", provider="stripe")
    applying.apply(store, applying.many(applying.read_templates(), size))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    main(int(sys.argv[1]))
