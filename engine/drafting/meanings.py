"""What the keys of payloads are called, by meaning and language: the table that drafts guess by.

A new word is a word more in a line; a new language is a line more in each block. Words are
written as in the language and compared without case and accents (see `words`). ``a+b`` stands
for names that hold both words, in any order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from .words import words_of

Meaning: TypeAlias = Literal[
    "phone",
    "email",
    "full name",
    "first name",
    "middle name",
    "last name",
    "amount",
    "currency",
    "comment",
    "order",
    "request",
    "transaction",
    "event",
    "test",
    "secret",
]

MEANINGS: Final[Mapping[Meaning, Mapping[str, str]]] = MappingProxyType(
    {
        "phone": {
            "en": "phone phones telephone tel mobile cell cellphone phonenumber mobilenumber"
            " whatsapp caller msisdn fone",
            "ru": "телефон телефоны тел телефона мобильный моб сотовый вотсап ватсап telefon",
            "uk": "телефон мобільний",
            "de": "telefon telefonnummer tel handy handynummer mobil mobilnummer rufnummer",
            "fr": "téléphone portable tél",
            "es": "teléfono telefono móvil celular",
            "it": "telefono cellulare",
            "pl": "telefon komórka komórkowy",
        },
        "email": {
            "en": "email emails mail emailaddress",
            "ru": "почта почты емейл имейл емайл мейл мыло pochta",
            "uk": "пошта пошти",
            "de": "email mail mailadresse emailadresse",
            "fr": "courriel mél",
            "es": "correo",
            "it": "email posta",
            "pl": "email poczta",
        },
        "full name": {
            "en": "name fullname full+name customername clientname",
            "ru": "фио имя+фамилия полное+имя fio fullname",
            "uk": "піб",
            "de": "name kundenname",
            "fr": "nom+complet",
            "es": "nombre+completo nombre+apellidos",
            "it": "nominativo",
            "pl": "imię+nazwisko",
        },
        "first name": {
            "en": "first+name firstname fname given+name givenname forename first+client"
            " first+customer first+contact first+guest first+person first+patient",
            "ru": "имя имени imya ima",
            "uk": "ім'я імя",
            "de": "vorname",
            "fr": "prénom",
            "es": "nombre",
            "it": "nome",
            "pl": "imię",
        },
        "middle name": {
            "en": "middle+name middlename second+name secondname patronymic",
            "ru": "отчество otchestvo",
            "uk": "батькові",
        },
        "last name": {
            "en": "last+name lastname lname surname family+name familyname last+client"
            " last+customer last+contact last+guest last+person last+patient",
            "ru": "фамилия фамилии familiya familia",
            "uk": "прізвище",
            "de": "nachname familienname",
            "fr": "nom nom+famille",
            "es": "apellido apellidos",
            "it": "cognome",
            "pl": "nazwisko",
        },
        "amount": {
            "en": "total amount sum grandtotal price cost budget revenue",
            "ru": "итого сумма стоимость цена бюджет summa itogo stoimost cena",
            "uk": "сума вартість ціна",
            "de": "gesamtbetrag gesamtsumme betrag summe preis",
            "fr": "montant prix",
            "es": "importe monto precio",
            "it": "importo totale prezzo",
            "pl": "kwota suma cena",
        },
        "currency": {
            "en": "currency cur curr",
            "ru": "валюта valuta",
            "de": "währung waehrung",
            "fr": "devise monnaie",
            "es": "moneda divisa",
            "it": "valuta",
            "pl": "waluta",
        },
        "comment": {
            "en": "comment comments message question enquiry inquiry note notes",
            "ru": "комментарий комментарии сообщение вопрос примечание пожелания сообщения"
            " kommentariy soobshenie vopros",
            "uk": "коментар повідомлення питання",
            "de": "nachricht kommentar bemerkung anmerkung mitteilung frage anliegen",
            "fr": "commentaire",
            "es": "mensaje comentario comentarios consulta",
            "it": "messaggio commento",
            "pl": "wiadomość komentarz uwagi",
        },
        "order": {
            "en": "order+id orderid order+number order+no ordernumber order+nr order"
            " invoice+id invoice booking+id booking reservation+id reservation deal+id purchase+id",
            "ru": "номер+заказа заказ+id заказ номер+счета zakaz nomer+zakaza",
            "uk": "номер+замовлення замовлення",
            "de": "bestellnummer bestellung auftragsnummer auftrag rechnungsnummer",
            "fr": "commande numéro+commande",
            "es": "pedido número+pedido",
            "it": "ordine numero+ordine",
            "pl": "zamówienie numer+zamówienia",
        },
        "request": {
            "en": "lead+id leadid leadgen+id submission+id submissionid response+id request+id"
            " application+id ticket+id entry+id quiz+id call+session+id call+id callid",
            "ru": "номер+заявки заявка+id заявка nomer+zayavki",
            "uk": "номер+заявки заявка",
            "de": "anfragenummer anfrage+id",
            "fr": "demande+id",
            "es": "solicitud+id",
        },
        "transaction": {
            "en": "transaction+id transactionid tranid trans+id payment+id txn+id charge+id",
            "ru": "номер+платежа платеж+id",
            "de": "transaktionsnummer zahlungsnummer",
        },
        "event": {"en": "event+id message+id delivery+id notification+id uuid guid"},
        "test": {"en": "test ping is+test testing", "ru": "тест"},
        "secret": {
            "en": "secret token key password apikey signature passwd",
            "ru": "секрет пароль ключ",
        },
    }
)
"""The names by meaning and language."""

NEUTRAL: Final = (
    "your my our the is an field input text value val data id what whats which enter please"
    " ref reference string ваш ваше ваша ваши как вас зовут введите укажите поле"
    " ihr ihre dein deine votre su tu il tuo twój number no nr num addr address the of and"
    " номер адрес электронная электронной эл numero numer nummer de del di billing"
)
"""Words beside a meaning's own that change nothing."""

PARTIAL: Final = "full first last middle main primary work home mobile formatted raw"
"""Words that say which part of what the key above them names: ``phone.full``."""

PEOPLE: Final = (
    "client customer contact buyer user person lead visitor sender guest caller applicant"
    " patient subscriber billing shipping payer recipient клиент клиента"
    " покупатель покупателя контакт контакта контактное контактный"
    " пользователь пользователя заказчик заказчика заявитель"
    " kunde kunden kontakt client acheteur cliente klient klienta клієнт"
)
"""Words for the person that a payload is about."""

OTHERS: Final = (
    "manager operator employee agent staff admin owner seller vendor shop store site company"
    " office support virtual destination called callee merchant courier driver sales"
    " менеджер менеджера оператор оператора сотрудник сотрудника магазин магазина компания"
    " компании офис офиса продавец курьер курьера виртуальный support"
)
"""Words for those at the receiver's own end, whose phone and e-mail are no client's."""

THINGS: Final = (
    "product item form page site campaign file event shop store company organization group"
    " domain host city country street state region method service status type category brand"
    " column field tag source medium plan tariff model user login nick card bank coupon template"
    " ad adset quiz utm server browser device line payment shipping delivery"
    " товар товара услуга услуги компания компании организация город улица форма формы страница"
    " кампания тариф файл файла produkt firma artikel société entreprise empresa producto"
)
"""Words behind which `name` is no person's."""

PARTS: Final = (
    "tax vat discount shipping delivery fee refund refunded quantity qty count items weight"
    " subtotal commission bonus points min max per old unit налог ндс скидка доставка доставки"
    " количество комиссия бонус баллы mwst steuer rabatt versand anzahl taxe remise impuesto"
)
"""Words that make an amount a part of the whole, or no amount of money."""

KINDS: Final = (
    "type status verified confirmed code country format valid is has allowed consent agree"
    " subscribe subscribed marketing method preference preferred date time at label hash"
    " id count template согласие подписка тип код"
)
"""Words that make a name one about a phone, an e-mail or the like, and not that itself."""

KEEPERS: Final = (
    "api google access auth app application shared web hook webhook secret token verification"
    " verify security private client"
)
"""Words beside `key` and the like that leave it a secret."""

UTM: Final = ("source", "medium", "campaign", "content", "term")
"""What ``utm_…`` keys tell of advertising; the CRM has fields of the same names in capitals."""

OWN_IDS: Final = (
    "form page campaign adgroup ad adset creative product variation customer user client contact"
    " parent project site group account company shop store city category status manager"
    " responsible employee field question template list tag currency bundle app pixel session"
    " visitor cookie country region api gcl google yandex roistat ga fb adv counter hook"
    " subscription pipeline owner portal sku cart landing location counter browser device"
    " номер форма клиент товар"
)
"""Words before `id` that name something else than the request."""

LABELS: Final = (
    "key name id code ref column_id slug field field_name field_id label title question"
    " column_name ключ имя название вопрос"
)
"""Keys of a list's elements that say what an element is, the surest first."""

ANSWERS: Final = "value string_value answer values text val response значение ответ"
"""Keys of a list's elements that hold what is said in it."""

ITEMS: Final = (
    "items lines line products product cart basket positions goods quantity qty sku price"
    " товары товар позиции корзина количество positionen artikel articles productos"
)
"""Words of a list of things that are ordered, or of its elements' keys."""

CURRENCIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("DE", "AT", "FR", "ES", "IT", "NL", "BE", "FI", "IE", "PT", "GR"), "EUR"),
        "RU": "RUB",
        "UA": "UAH",
        "PL": "PLN",
        "US": "USD",
        "GB": "GBP",
        "KZ": "KZT",
        "BY": "BYN",
        "CH": "CHF",
        "CZ": "CZK",
        "TR": "TRY",
        "IN": "INR",
    }
)
"""What is paid with in a country: an example where samples name no currency."""

REGIONS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "ru": ("RU",),
        "uk": ("UA",),
        "de": ("DE", "AT", "CH"),
        "fr": ("FR",),
        "es": ("ES", "MX", "AR"),
        "it": ("IT",),
        "pl": ("PL",),
        "en": ("US", "GB", "IN", "AU"),
    }
)
"""The countries to try phones without a country code in, by language."""


@cache
def table(meaning: Meaning) -> tuple[tuple[str, int, frozenset[str]], ...]:
    """The names of a meaning: language, rank in its line, and the words that a name has to hold.

    Names of more words come first.
    """
    entries = [
        (language, rank, words_of(name.replace("+", " ")))
        for language, line in MEANINGS[meaning].items()
        for rank, name in enumerate(line.split())
    ]
    return tuple(sorted(entries, key=lambda entry: -len(entry[2])))


@cache
def word_list(names: str) -> frozenset[str]:
    """The words of one of the lists above."""
    return frozenset(word for name in names.split() for word in words_of(name))


def ranked(names: str) -> Iterator[frozenset[str]]:
    """The names of one of the lists above, each as its words, in order."""
    return (words_of(name) for name in names.split())
