"""Settings come from defaults, file, environment and command line, and bad ones are named."""

from __future__ import annotations

import pytest

from artesian.core.errors import InvalidArgument
from artesian.core.settings import Settings, describe, load


def test_each_source_overrides_the_one_before(tmp_path):
    config = tmp_path / "artesian.toml"
    config.write_text('port = 1001\nname = "from file"\nworkers = 3\n')
    environment = {"ARTESIAN_PORT": "1002", "ARTESIAN_WORKERS": "4", "ARTESIAN_CONFIG": str(config)}
    settings = load({"workers": "5"}, environment=environment)
    assert (settings.name, settings.port, settings.workers) == ("from file", 1002, 5)
    assert settings.host == "127.0.0.1"


def test_an_override_of_none_leaves_the_value_alone():
    assert load({"port": None}, environment={"ARTESIAN_PORT": "7"}).port == 7


@pytest.mark.parametrize(
    ("overrides", "environment", "words"),
    [
        ({"prot": 1}, {}, ["'prot'", "Did you mean 'port'?"]),
        ({"port": "many"}, {}, ["--port", "int", "'many'"]),
        ({"port": -1}, {}, ["--port", "at least 0", "-1"]),
        ({}, {"ARTESIAN_ALLOW_PRIVATE_URLS": "perhaps"}, ["ARTESIAN_ALLOW_PRIVATE_URLS", "bool", "'perhaps'"]),
        ({}, {"ARTESIAN_CONFIG": "/no/such/file.toml"}, ["/no/such/file.toml", "cannot be read"]),
    ],
)
def test_a_bad_setting_is_named(overrides, environment, words):
    with pytest.raises(InvalidArgument) as caught:
        load(overrides, environment=environment)
    for word in words:
        assert word in str(caught.value)


def test_an_unknown_name_in_the_file_is_refused(tmp_path):
    config = tmp_path / "artesian.toml"
    config.write_text("thread = 3\n")
    with pytest.raises(InvalidArgument, match="Did you mean 'threads'"):
        load(environment={}, config=config)


@pytest.mark.parametrize("word", ["1", "true", "YES", "on"])
def test_words_for_true(word):
    assert load(environment={"ARTESIAN_SHOW_TRACEBACKS": word}).show_tracebacks is True


def test_lists_come_separated_like_search_paths():
    assert load(environment={"ARTESIAN_IMPORT_ROOTS": "/a:/b"}).import_roots == ("/a", "/b")
    assert load({"import_roots": ["/c"]}, environment={}).import_roots == ("/c",)


def test_each_setting_has_a_help_line_and_a_default_of_its_type():
    for entry in describe():
        assert entry["help"].endswith("."), entry["name"]
        assert len(entry["help"]) > 20, entry["name"]
    assert len(describe()) == len({entry["name"] for entry in describe()})


def test_threads_and_workers_default_to_the_cores():
    settings = Settings()
    assert settings.thread_total() == settings.cores() >= 1
    assert 2 <= settings.worker_total() <= 8
    assert Settings(threads=3).thread_total() == 3
