"""Invented people and places: what the customers of the pretend shop are called, and where they live."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A city with the parts of an address there; `phone` is how numbers begin."""

    country: str
    city: str
    state: str | None
    postal: str
    streets: tuple[str, ...]
    phone: str


@dataclass(frozen=True, slots=True)
class Region:
    """The people and places that pay in one currency."""

    first: tuple[str, ...]
    last: tuple[str, ...]
    places: tuple[Place, ...]


_US_STREETS = ("Maple Avenue", "Lakeview Drive", "Elm Street", "Harbor Road", "2nd Street")
_DOLLAR = Region(
    ("Ava", "Noah", "Grace", "Liam", "Imani", "José", "Hannah", "Marcus", "Siobhán", "Darnell", "Priya", "Olivia"),
    ("Johnson", "Ramírez", "O’Connor", "Nguyen", "Brooks", "Patel", "Kowalski", "Van Dyke", "Lee", "Freeman"),
    (
        Place("US", "Chicago", "IL", "60614", _US_STREETS, "+1 312 555 01"),
        Place("US", "Portland", "OR", "97205", _US_STREETS, "+1 503 555 01"),
        Place("US", "Austin", "TX", "78704", _US_STREETS, "+1 512 555 01"),
        Place("US", "New York", "NY", "10011", _US_STREETS, "+1 212 555 01"),
        Place("CA", "Montréal", "QC", "H2X 1Y4", ("rue Saint-Denis", "avenue du Parc"), "+1 514 555 01"),
        Place("AU", "Brisbane", "QLD", "4000", ("Queen Street", "Ann Street"), "+61 7 5550 01"),
    ),
)
_EURO = Region(
    ("Zoë", "Jürgen", "Chloé", "Søren", "Aoife", "Björn", "Françoise", "Łukasz", "Íñigo", "Marta", "Élodie", "Til"),
    ("Müller", "Lefèvre", "García", "Ní Bhriain", "Jansen", "Rossi", "Björklund", "Großmann", "de Vries", "Nováková"),
    (
        Place("DE", "Köln", None, "50667", ("Lindenstraße", "Am Hof", "Brückenweg"), "+49 221 555 01"),
        Place("FR", "Lyon", None, "69002", ("rue de la République", "quai Saint-Antoine"), "+33 4 55 50 01"),
        Place("IE", "Galway", "Co. Galway", "H91 E2K5", ("Shop Street", "Dock Road"), "+353 91 555 0"),
        Place("NL", "Utrecht", None, "3511 LX", ("Oudegracht", "Nachtegaalstraat"), "+31 30 555 01"),
        Place("ES", "Málaga", "Málaga", "29015", ("calle Larios", "paseo del Parque"), "+34 952 555 0"),
    ),
)
_YEN = Region(
    ("Yuki", "Haruto", "花子", "Sakura", "Kenji", "美咲", "Ren", "Aiko"),
    ("Tanaka", "Suzuki", "山田", "Kobayashi", "Itō", "佐藤", "Mori"),
    (
        Place("JP", "Tōkyō", "東京都", "150-0002", ("Shibuya 2-chōme", "Jingūmae 4-chōme"), "+81 3 5550 01"),
        Place("JP", "Ōsaka", "大阪府", "530-0001", ("Umeda 1-chōme", "Sonezaki 2-chōme"), "+81 6 5550 01"),
    ),
)
_DINAR = Region(
    ("Fatima", "Yousef", "Noor", "Khalid", "Maryam", "Omar"),
    ("Al-Sabah", "Al-Rashid", "Haddad", "Al-Mutairi", "Behbehani"),
    (Place("KW", "Kuwait City", None, "13001", ("Arabian Gulf Street", "Fahad Al-Salem Street"), "+965 2555 01"),),
)

_POUND = Region(
    ("Isla", "Rhys", "Amara", "Callum", "Niamh", "Oluwaseun", "Harriet", "Gethin"),
    ("Smith", "MacLeod", "O’Neill", "Llewellyn", "Okafor", "Featherstonehaugh", "Khan"),
    (
        Place("GB", "Bristol", None, "BS1 4DJ", ("Corn Street", "Welsh Back"), "+44 117 496 0"),
        Place("GB", "Richmond", "Surrey", "TW9 1EH", ("Whittaker Avenue", "Hill Rise"), "+44 20 7946 0"),
        Place("GB", "Glasgow", "Scotland", "G1 3SL", ("Buchanan Street", "Byres Road"), "+44 141 496 0"),
    ),
)

REGIONS = {"usd": _DOLLAR, "eur": _EURO, "jpy": _YEN, "kwd": _DINAR, "gbp": _POUND}

HTML_NAME = "<b>Bobby</b> & Co"
LONG_NAME = (
    "Maximiliana Konstantina Wilhelmine Auguste Freifrau von und zu Hohenlangenfeld-Schwarzenbrunn-Oberwiesental "
    "geborene Gräfin Bartholomäus-Zieglschmidt auf Unterkirchberg (Buchhaltung, Rechnungen und Mahnwesen)"
)
COMPANIES = ("Harbor Light Studio", "Atelier Nord", "Blue Kettle Ltd", "Papeterie Félix", "Quarto & Sons")
CARDS = (("visa", "4242"), ("mastercard", "4444"), ("amex", "0005"), ("jcb", "0505"), ("visa", "1881"))
_NEIGHBOURS = 600


def neighbour(number: int, *, otherwise: str) -> str:
    """Name who bears a number in every shop, every third one, so that shops have people in common; else `otherwise`."""
    if number % 3 or number >= _NEIGHBOURS:
        return otherwise
    region = (_DOLLAR, _EURO, _POUND)[number // 3 % 3]
    return f"{region.first[number % len(region.first)]} {region.last[number // 7 % len(region.last)]}"


MAIL_DOMAINS = ("example.com", "example.org", "example.net")
NOTES = (
    "Leave the parcel with the neighbour.",
    "Gift for a colleague – no invoice in the box.",
    "Moved over from the old shop in spring.",
    "Prefers to be called after 5 p.m.",
)
CHANNELS = ("newsletter", "search", "friend", "fair")
