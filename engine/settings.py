"""The settings of the intake service: options, then the environment, then a TOML file."""

from __future__ import annotations

import tomllib
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from .errors import SettingsError
from .intake.receiving import MOST
from .limits import MAX_PAYLOAD_BYTES
from .messages.suggest import closest

FILE: Final = Path("leadlark.toml")
"""The file that is read where none is named, if it is there."""

PREFIX: Final = "LEADLARK_"
"""What the environment variable of a setting begins with: ``LEADLARK_STORE``."""

Seconds = Annotated[float, Field(gt=0, le=3600)]
Days = Annotated[float, Field(gt=0, le=36_500)]


class Settings(BaseSettings):
    """Where the service finds what it works with, and the limits it keeps."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    rules: Path = Path("rules")
    """A rule file, or a folder of them."""
    store: str = "sqlite:///leadlark.db"
    """The URL of the store."""
    journal: str | None = None
    """The URL of the journal; it is kept in the store's database unless that is remote."""
    secrets: Path | None = None
    """The file of secrets."""
    host: str = "127.0.0.1"
    """The address to listen on."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    """The port to listen on; 0 is any that is free."""
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    """Processes; more than one needs PostgreSQL."""
    trust_proxy: Annotated[tuple[str, ...], NoDecode] = ()
    """The addresses of proxies whose X-Forwarded-For is believed."""
    max_body: Annotated[int, Field(gt=0, le=MAX_PAYLOAD_BYTES)] = MAX_PAYLOAD_BYTES
    """The largest body, in bytes."""
    max_decisions: Annotated[int, Field(gt=0)] = MOST
    """The decisions that one request may ask for, by a root array or by ``each``."""
    head_seconds: Seconds = 10.0
    """The time in which the head of a request has to come."""
    body_seconds: Seconds = 20.0
    """The time in which its body has to come."""
    idle_seconds: Annotated[int, Field(gt=0, le=3600)] = 15
    """The time a connection stays open without a request."""
    stop_seconds: Annotated[int, Field(gt=0, le=3600)] = 30
    """The time that accepted requests have when the service stops."""
    channel_rate: str = "off"
    """Requests of a channel that are taken, such as ``6000/minute``."""
    source_rate: str = "200/second"
    """Requests of a network address that are taken."""
    waiting: Annotated[int, Field(gt=0)] = 1000
    """Requests that are taken at the same time; those above are answered 503."""
    keep_bodies: Days = 14.0
    """Days for which the journal keeps bodies, queries and headers."""
    keep_rows: Days | None = None
    """Days for which it keeps rows, and with them the request ids; without it for ever."""
    log_level: str = "info"
    """debug, info, warning or error."""

    @field_validator("*", mode="before")
    @classmethod
    def _plain(cls, value: object, field: ValidationInfo) -> object:
        """Refuse what TOML has and a setting cannot be, with a sentence of its own."""
        if isinstance(value, bool):
            raise ValueError("is neither true nor false")  # noqa: TRY004 (pydantic's own)
        is_path = value is None or isinstance(value, str | Path)
        if field.field_name in ("rules", "secrets") and not is_path:
            raise ValueError("is a path, in quotes")
        if isinstance(value, str) and "\0" in value:
            raise ValueError("has a NUL character in it")
        return value

    @field_validator("trust_proxy")
    @classmethod
    def _network(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for each in value:
            try:
                ip_network(each, strict=False)
            except ValueError:
                raise ValueError(f"{each!r} is no address of a machine or a network") from None
        return value

    @field_validator("trust_proxy", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        """Several addresses in one text are apart by commas."""
        if isinstance(value, str):
            return tuple(each.strip() for each in value.split(",") if each.strip())
        return value

    @field_validator("log_level")
    @classmethod
    def _level(cls, value: str) -> str:
        if value not in ("debug", "info", "warning", "error"):
            raise ValueError("is one of debug, info, warning, error")
        return value

    @field_validator("channel_rate", "source_rate")
    @classmethod
    def _rate(cls, value: str) -> str:
        from .intake.rates import rate  # noqa: PLC0415 (an extra)

        rate(value)
        return value


def settings(options: dict[str, Any], file: Path | None = None) -> Settings:
    """The settings of a call.

    ``options`` are those given; ``file`` the TOML file, else `FILE` where it is there. Raises
    `SettingsError` for a file that cannot be used, an unknown name and a value that cannot be
    taken.
    """
    written = _read(file)
    names = Settings.model_fields
    for name in written:
        if name.replace("-", "_") not in names:
            meant = closest(name, names)
            way_out = f"did you mean `{meant}`?" if meant else f"known: {', '.join(sorted(names))}"
            raise SettingsError(f"{file or FILE}: there is no setting `{name}`; {way_out}")
    from_file = {name.replace("-", "_"): value for name, value in written.items()}
    try:
        known = _environment()
        kept = {
            name: value
            for name, value in from_file.items()
            if f"{PREFIX}{name.upper()}" not in known
        }
        return Settings(**(kept | options))
    except ValidationError as error:
        raise SettingsError(_told(error, from_file, options, file or FILE)) from error


def _read(file: Path | None) -> dict[str, Any]:
    path = FILE if file is None else file
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        if file is None:
            return {}
        raise SettingsError(f"there is no file {path}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: it is no TOML file: {error}") from error
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from error


def _told(error: ValidationError, file: dict[str, Any], options: dict[str, Any], path: Path) -> str:
    first = error.errors()[0]
    name = str(first["loc"][0])
    message = first["msg"].removeprefix("Value error, ")
    if name in options:
        return f"--{name.replace('_', '-')}: {message}"
    if f"{PREFIX}{name.upper()}" in _environment():
        return f"{PREFIX}{name.upper()}: {message}"
    return f"{path}: {name}: {message}" if name in file else f"{name}: {message}"


def _environment() -> set[str]:
    import os  # noqa: PLC0415 (names alone, for a message)

    return {name.upper() for name in os.environ}
