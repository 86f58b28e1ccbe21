"""The seller's products and buyers. Everything is invented; names are odd on purpose, so that a leak shows."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final


@dataclass(frozen=True, slots=True)
class Item:
    """One product of the seller."""

    sku: str
    title: str
    price: float


@dataclass(frozen=True, slots=True)
class Buyer:
    """One buyer, with the data that an export has of them."""

    name: str
    login: str
    cpf: str
    email: str
    phone: str
    street: str
    city: str
    state: str
    postcode: str

    def secrets(self) -> list[str]:
        """Return the texts that must not leave the document."""
        return [self.name, self.login, self.cpf, self.email, self.phone, self.street, self.postcode]


_GOODS: Final = (
    ("CAM", "Camiseta básica algodão", 49.9),
    ("TEN", "Tênis de corrida leve", 219.9),
    ("MOC", "Mochila para notebook 15”", 149.9),
    ("FON", "Fone de ouvido sem fio", 129.9),
    ("GAR", "Garrafa térmica 750 ml", 89.9),
    ("LUM", "Luminária de mesa LED", 119.9),
    ("CAB", "Cabo USB-C reforçado 2 m", 39.9),
    ("PAN", "Panela antiaderente 24 cm", 99.9),
    ("TAP", "Tapete de ioga 6 mm", 79.9),
    ("REL", "Relógio digital esportivo", 189.9),
)
_VARIANTS: Final = ("", " - preto", " - azul", " - verde")

#: The product that is too cheap for its fees and shipping.
LOSER: Final = Item("CHV-01", "Chaveiro de couro, unidade; brinde", 9.9)
#: The product that comes back.
RETURNED: Final = Item("VES-07", "Vestido midi floral, tamanho único", 139.9)
#: The best seller that went out of stock.
SILENT: Final = Item("CXS-12", "Caixa de som portátil à prova d'água", 179.9)
#: The product that is cheaper on one channel.
CHEAPER: Final = Item("AIR-03", "Fritadeira sem óleo 4 L", 329.9)

_FIRST: Final = ("Zuleica", "Belarmino", "Ondina", "Eustáquio", "Perpétua", "Gumercindo", "Idalina", "Telésforo")
_LAST: Final = ("Quaresma", "Brantes", "Tavolaro", "Peçanha", "Urquiza", "Mirandola", "Xerente", "Vasconcellos")
_STREETS: Final = ("Rua das Jabuticabeiras", "Avenida Marechal Tibúrcio", "Travessa do Sabiá", "Alameda dos Ipês-roxos")
_CITIES: Final = (
    ("São Paulo", "SP"),
    ("Belo Horizonte", "MG"),
    ("Curitiba", "PR"),
    ("Recife", "PE"),
    ("Goiânia", "GO"),
)


def items() -> list[Item]:
    """Return the ordinary products, the best seller first: 40 of them."""
    return [
        Item(f"{code}-{number + 1:02d}", f"{title}{variant}", round(price * (1 + 0.05 * number), 2))
        for number, variant in enumerate(_VARIANTS)
        for code, title, price in _GOODS
    ]


def buyers(random: Random, count: int = 60) -> list[Buyer]:
    """Return the buyers; their CPF numbers look right and are not."""
    people = []
    for number in range(count):
        first, middle, last = random.choice(_FIRST), random.choice(_LAST), random.choice(_LAST)
        city, state = random.choice(_CITIES)
        login = f"{first}{last}".upper().replace(" ", "") + f"{number:03d}"
        digits = [random.randrange(10) for _ in range(11)]
        cpf = "{}{}{}.{}{}{}.{}{}{}-{}{}".format(*digits)
        people.append(
            Buyer(
                name=f"{first} {middle} {last}",
                login=login,
                cpf=cpf,
                email=f"{login.lower()}@correio-ficticio.com.br",
                phone=f"(11) 9{random.randrange(1000, 9999)}-{random.randrange(1000, 9999)}",
                street=f"{random.choice(_STREETS)}, {random.randrange(10, 990)}",
                city=city,
                state=state,
                postcode=f"{random.randrange(10000, 99999)}-{random.randrange(100, 999)}",
            )
        )
    return people
