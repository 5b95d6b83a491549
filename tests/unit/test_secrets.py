"""Secrets: where they come from, what is made of a file of them, and what is wrong with them."""

from __future__ import annotations

import logging
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import leadlark
from leadlark.errors import SecretsError
from leadlark.proof import problems
from leadlark.proof.names import canonical, is_name
from leadlark.proof.strength import fault
from leadlark.secrets import Secrets
from leadlark.secrets.keeping import changing, read
from leadlark.secrets.place import file_of

LONG = "a-secret-of-many-bytes"
OTHER = "another-secret-of-many"
WHSEC = "whsec_" + "A" * 32
RULES = """\
channel {address} {{
    entity lead
    auth {auth}
}}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "secrets.json"


def keep(file: Path, **values: tuple[str, ...]) -> None:
    with changing(file) as kept:
        kept.update(values)


def channels(*auths: str) -> list[leadlark.Channel]:
    found: list[leadlark.Channel] = []
    for number, auth in enumerate(auths):
        text = RULES.format(address=f"shop-{number}", auth=auth)
        found += leadlark.loads(text).values()
    return found


def test_the_environment_comes_first(file: Path) -> None:
    """A secret is that of the environment, else that of the file; each has its former value."""
    keep(file, SHOP=(OTHER, LONG), TILDA=(OTHER, LONG))
    environment = {"LEADLARK_SECRET_SHOP": LONG, "LEADLARK_SECRET_X": LONG, "LEADLARK_SECRETS": "x"}
    secrets = Secrets(file, {**environment, "LEADLARK_OLD_SECRET_X": OTHER})

    assert (LONG,) == secrets.of("SHOP")
    assert (OTHER, LONG) == secrets.of("TILDA")
    assert (LONG, OTHER) == secrets.of("X")
    assert () == secrets.of("NONE")
    assert [("SHOP", "environment"), ("TILDA", "file"), ("X", "environment")] == list(
        secrets.names()
    )


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"LEADLARK_SECRET_": LONG},
        {"LEADLARK_SECRET_SHOP": ""},
        {"LEADLARK_OLD_SECRET_SHOP": LONG},
        {"SECRET_SHOP": LONG},
    ],
)
def test_variables_that_set_nothing(file: Path, environment: dict[str, str]) -> None:
    """An empty variable, or a former value alone, sets no secret."""
    assert [] == list(Secrets(file, environment).names())


@pytest.mark.parametrize("name", ["shop", "SHOP", "Shop", " shop "])
def test_names_are_one_in_every_case(file: Path, name: str) -> None:
    """A name means the same secret however it is written."""
    keep(file, SHOP=(LONG,))

    assert (LONG,) == Secrets(file, {}).of(name)
    assert (OTHER,) == Secrets(file, {"LEADLARK_SECRET_Shop": OTHER}).of(name)


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("SHOP", True),
        ("shop_2", True),
        ("a-b", True),
        ("_x", True),
        ("Магазин", True),
        ("2shop", False),
        ("", False),
        (" ", False),
        ("a b", False),
        ("a=b", False),
        ("a/b", False),
        ("a\nb", False),
    ],
)
def test_names(name: str, is_one: bool) -> None:
    """Names are those that a rule file can have; `-` stands for `_`."""
    assert is_one == is_name(name)


def test_the_spelling_of_the_environment() -> None:
    """In the environment a name is in upper case, with `_` for `-`."""
    assert "SHOP_ORDERS" == canonical("shop-orders")


def test_nothing_shows_a_value(file: Path) -> None:
    """What Python shows of secrets holds none."""
    keep(file, SHOP=(LONG,))
    secrets = Secrets(file, {"LEADLARK_SECRET_X": OTHER})

    assert LONG not in repr(secrets) + str(secrets)
    assert OTHER not in repr(secrets) + str(secrets)


def test_the_file_is_its_owners(file: Path) -> None:
    """The file has mode 600 and its new folder 700, whatever the umask; it is replaced whole."""
    before = os.umask(0)
    try:
        keep(file, SHOP=(LONG,))
    finally:
        os.umask(before)
    first = file.stat()
    keep(file, SHOP=(OTHER,), X=(LONG,))

    assert 0o600 == stat.S_IMODE(file.stat().st_mode) == stat.S_IMODE(first.st_mode)
    assert 0o700 == stat.S_IMODE(file.parent.stat().st_mode)
    assert first.st_ino != file.stat().st_ino
    assert {"SHOP": (OTHER,), "X": (LONG,)} == read(file)
    assert [file] == list(file.parent.iterdir())


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o644, 0o666, 0o610])
def test_a_file_that_others_can_get_at(file: Path, mode: int) -> None:
    """A file that others can read or change is refused, with the way out and without a value."""
    keep(file, SHOP=(LONG,))
    file.chmod(mode)

    with pytest.raises(SecretsError) as caught:
        read(file)
    with pytest.raises(SecretsError), changing(file):
        pass

    assert f"run `chmod 600 {file}`" in str(caught.value)
    assert LONG not in str(caught.value)
    assert [file] == list(file.parent.iterdir())


def test_a_file_that_only_the_owner_can_read(file: Path) -> None:
    """A file that nobody can write to can be read."""
    keep(file, SHOP=(LONG,))
    file.chmod(0o400)

    assert {"SHOP": (LONG,)} == read(file)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "SHOP=" + LONG,
        "[]",
        "null",
        '{"SHOP": "x"}',
        '{"SHOP": []}',
        '{"SHOP": [1]}',
        '{"SHOP": ["a", "b", "c"]}',
        '{"SHOP": ["a"',
        "[" * 100_000,
        "\ud800",
        " " * (1024 * 1024 + 1),
    ],
    ids=range(12),
)
def test_damaged_files(file: Path, text: str) -> None:
    """What `leadlark secret` did not write is refused; what stands in it is not shown."""
    file.parent.mkdir()
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    file.chmod(0o600)

    with pytest.raises(SecretsError) as caught:
        read(file)

    assert str(caught.value).startswith(f"{file}: no file of secrets")
    assert LONG not in str(caught.value)


def test_a_file_that_is_not_there(file: Path) -> None:
    """No file is no secrets."""
    assert {} == read(file)


def test_changes_are_kept_apart(file: Path) -> None:
    """While one change is under way no other begins, and what fails changes nothing."""
    keep(file, SHOP=(LONG,))
    with changing(file) as kept:
        with pytest.raises(SecretsError, match="another process"), changing(file):
            pass
        kept["X"] = (LONG,)
    with pytest.raises(KeyError), changing(file) as kept:
        del kept["SHOP"], kept["NONE"]

    assert {"SHOP": (LONG,), "X": (LONG,)} == read(file)


def test_links_are_followed(file: Path, tmp_path: Path) -> None:
    """Of a symbolic link the file that it leads to is changed."""
    keep(file, SHOP=(LONG,))
    link = tmp_path / "link.json"
    link.symlink_to(file)
    keep(link, SHOP=(OTHER,))

    assert link.is_symlink()
    assert {"SHOP": (OTHER,)} == read(file) == read(link)


def test_changes_are_taken_up(file: Path) -> None:
    """Secrets that are set while the service runs hold at once."""
    secrets = Secrets(file, {})
    seen = [secrets.of("SHOP")]
    for values in ((LONG,), (OTHER, LONG), (OTHER,)):
        keep(file, SHOP=values)
        seen.append(secrets.of("SHOP"))
    file.unlink()

    assert [(), (LONG,), (OTHER, LONG), (OTHER,)] == seen
    assert () == secrets.of("SHOP")


def test_what_cannot_be_used_is_not_taken_up(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A file that is opened to others while the service runs changes nothing, and is told once."""
    keep(file, SHOP=(LONG,))
    secrets = Secrets(file, {})
    file.chmod(0o644)
    with caplog.at_level(logging.WARNING):
        seen = [secrets.of("SHOP") for _ in range(3)]
    file.chmod(0o600)
    keep(file, SHOP=(OTHER,))

    assert [(LONG,)] * 3 == seen
    (told,) = caplog.messages
    assert "secrets stay as they were" in told
    assert LONG not in told
    assert (OTHER,) == secrets.of("SHOP")


def test_the_place_of_the_file(tmp_path: Path) -> None:
    """The file is the one that is named, else that of the environment, else of the user."""
    named, other = tmp_path / "a", tmp_path / "b"

    assert named == file_of(named, {"LEADLARK_SECRETS": str(other)})
    assert other == file_of(None, {"LEADLARK_SECRETS": str(other)})
    assert ("leadlark", "secrets.json") == file_of(None, {}).parts[-2:]
    assert file_of(None, {}) == file_of(None, {"LEADLARK_SECRETS": ""})


def test_problems_name_channel_and_secret() -> None:
    """Each secret that is missing or will not do is one sentence with its place and a way out."""
    found = channels(
        "shopify secret SHOP",
        "shopify secret Short",
        'token header "X" secret CYRILLIC',
        "standard secret STANDARD",
        "standard secret PLAIN",
        "woocommerce secret FORMER",
        "facebook secret FINE",
        "standard secret WHSEC",
    )
    known = {
        "SHORT": ("short",),
        "CYRILLIC": ("ключ-не-из-ASCII-букв",),
        "STANDARD": ("whsec_QUJD",),
        "PLAIN": ("no base64 at all, but long",),
        "FORMER": (LONG, "abc"),
        "FINE": (LONG, OTHER),
        "WHSEC": (WHSEC,),
    }
    said = problems(found, lambda name: known.get(canonical(name), ()))

    place = f"{found[0].program.source.name}:3: channel"
    another = "; set another at the sender and here"
    assert [
        f"{place} `shop-0`: the secret SHOP is not set; run `leadlark secret set SHOP`, or set "
        "LEADLARK_SECRET_SHOP",
        f"{place} `shop-1`: the secret SHORT has 5 bytes; at least 16 are needed{another}",
        f"{place} `shop-2`: the secret CYRILLIC has characters other than ASCII, which a token "
        f"cannot have{another}",
        f"{place} `shop-3`: the secret STANDARD stands for 3 bytes; Standard Webhooks needs at "
        f"least 24{another}",
        f"{place} `shop-4`: the secret PLAIN is not whsec_ and base64, as Standard Webhooks has "
        f"it{another}",
        f"{place} `shop-5`: the former value of FORMER has 3 bytes; at least 16 are needed"
        f"{another}",
    ] == said


def test_channels_without_auth_have_no_problems() -> None:
    """A channel that takes requests of anyone needs no secret."""
    rules = leadlark.loads("channel open {\n    entity lead\n}\n")

    assert [] == problems(rules.values(), lambda _: ())


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "is empty"),
        (" " * 20, "has blanks around it"),
        (LONG + "\n", "has blanks around it"),
        ("\ufeff" + LONG, "has control or unseen characters in it"),
        (LONG + "\0", "has control or unseen characters in it"),
        (LONG + "\ud800", "has control or unseen characters in it"),
        (LONG + "\u202e", "has control or unseen characters in it"),
        ("fifteen-bytes-x", "has 15 bytes; at least 16 are needed"),
        ("sixteen-bytes-xx", None),
        ("секретно", None),
        ("Basic dXNlcjpwYXNzd29yZA==", None),
    ],
)
def test_faults(text: str, wrong: str | None) -> None:
    """A secret is printable text of 16 bytes at least, without blanks around it."""
    assert wrong == fault(text)


@given(st.dictionaries(st.text(max_size=5), st.lists(st.text(), min_size=1, max_size=2)))
@settings(max_examples=50, deadline=None)
def test_what_is_kept_is_read(tmp_path_factory: pytest.TempPathFactory, values: dict) -> None:
    """Every text that can be written is read as it was."""
    file = tmp_path_factory.mktemp("kept") / "secrets.json"
    wanted = {name: tuple(each) for name, each in values.items()}
    with changing(file) as kept:
        kept.update(wanted)

    assert wanted == read(file)
