"""Settings: which source wins, and that every mistake names its source."""

from pathlib import Path

import pytest

from gui_agent import settings
from gui_agent.errors import SetupError


def written(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def test_flags_win_over_environment_over_files(tmp_path: Path) -> None:
    user = written(
        tmp_path / "user.toml", "max_steps = 1\nlocale = 'de'\nurl = 'http://u'\ndpr = 2"
    )
    project = written(tmp_path / "project.toml", "max_steps = 2\nlocale = 'fr'\nurl = 'http://p'")
    env = {"GUI_AGENT_MAX_STEPS": "3", "GUI_AGENT_LOCALE": "zh-CN"}
    loaded = settings.load({"max_steps": 4, "url": None}, env, (user, project))
    assert (loaded.max_steps, loaded.locale, loaded.url, loaded.dpr) == (4, "zh-CN", "http://p", 2)


def test_a_resumed_run_remembers_more_than_a_file_and_less_than_a_flag(tmp_path: Path) -> None:
    file = written(tmp_path / "c.toml", "url = 'http://file'\nmax_steps = 1")
    remembered = {"url": "http://run", "max_steps": 2}
    loaded = settings.load({"max_steps": 9}, {}, (file,), remembered)
    assert (loaded.url, loaded.max_steps) == ("http://run", 9)


def test_missing_files_are_fine(tmp_path: Path) -> None:
    assert settings.load({}, {}, (tmp_path / "none.toml",)) == settings.Settings()


def test_no_flag_and_an_empty_variable_are_not_given() -> None:
    loaded = settings.load({"secret": [], "model": None}, {"GUI_AGENT_MODEL": ""})
    assert loaded == settings.Settings()


@pytest.mark.parametrize(
    ("env", "file", "key"),
    [
        ({"OPENAI_API_KEY": "general"}, "", "general"),
        ({"OPENAI_API_KEY": "general"}, "api_key = 'filed'", "filed"),
        ({"OPENAI_API_KEY": "general", "GUI_AGENT_API_KEY": "ours"}, "api_key = 'filed'", "ours"),
    ],
)
def test_the_key_nearest_to_us_wins(
    tmp_path: Path, env: dict[str, str], file: str, key: str
) -> None:
    assert settings.load({}, env, (written(tmp_path / "c.toml", file),)).api_key == key


def test_written_forms(tmp_path: Path) -> None:
    env = {
        "GUI_AGENT_VIEWPORT": "1280X720",
        "GUI_AGENT_HEADED": "yes",
        "GUI_AGENT_SECRET": "pin, token",
        "GUI_AGENT_RUN_DIR": "~/runs",
    }
    loaded = settings.load({}, env)
    assert loaded.viewport == (1280, 720)
    assert loaded.headed is True
    assert loaded.secret == ("pin", "token")
    assert loaded.run_dir == Path.home() / "runs"


def test_an_unknown_key_names_the_file_and_the_key(tmp_path: Path) -> None:
    file = written(tmp_path / "config.toml", "max_step = 3")
    with pytest.raises(
        SetupError, match=r"config\.toml has an unknown setting 'max_step'.*max_ste"
    ):
        settings.load({}, {}, (file,))


@pytest.mark.parametrize(
    "content", [b"max_steps =", b"\xff\xfe", None], ids=["not TOML", "not UTF-8", "a folder"]
)
def test_an_unreadable_file_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "config.toml"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    with pytest.raises(SetupError, match=r"Can't read the configuration file .*config\.toml"):
        settings.load({}, {}, (path,))


@pytest.mark.parametrize(
    ("flags", "env", "said"),
    [
        ({"max_steps": 0}, {}, "'max_steps' 0 from the command line is wrong"),
        ({}, {"GUI_AGENT_MAX_SECONDS": "soon"}, "'max_seconds' 'soon' from the environment"),
        ({"viewport": "big"}, {}, "'viewport' .* from the command line"),
        ({"viewport": "1x2x3"}, {}, "'viewport' .* from the command line"),
    ],
)
def test_a_wrong_value_names_its_source(
    flags: dict[str, object], env: dict[str, str], said: str
) -> None:
    with pytest.raises(SetupError, match=said):
        settings.load(flags, env)


def test_a_wrong_value_in_a_file_names_the_file(tmp_path: Path) -> None:
    file = written(tmp_path / "c.toml", "max_steps = 'many'")
    with pytest.raises(SetupError, match=r"'max_steps' 'many' from .*c\.toml is wrong"):
        settings.load({}, {}, (file,))


def test_a_key_is_in_no_message(tmp_path: Path) -> None:
    file = written(tmp_path / "c.toml", "api_key = 12345678")
    with pytest.raises(SetupError) as raised:
        settings.load({}, {}, (file,))
    assert "12345678" not in str(raised.value)
    assert "hidden" not in repr(settings.load({"api_key": "hidden"}, {}))


def test_secrets_come_from_the_environment() -> None:
    env = {"GUI_AGENT_SECRET_PIN": "4711"}
    assert settings.secrets(("pin",), env) == {"pin": "4711"}
    with pytest.raises(SetupError, match="'token' has no value: set GUI_AGENT_SECRET_TOKEN"):
        settings.secrets(("pin", "token"), env)
