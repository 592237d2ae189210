"""The check of translations, against gettext's own reader."""

from __future__ import annotations

import gettext
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[3]
GOOD = r"""msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\n"

#: somewhere.py:3
msgid "Orders"
msgstr "Commandes"

msgctxt "verb"
msgid "Order"
msgstr "Commander"

#, python-format
msgid "%(count)s order"
msgid_plural "%(count)s orders"
msgstr[0] "%(count)s commande"
msgstr[1] "%(count)s commandes"

msgid ""
"A long "
"text"
msgstr "Un texte\n"
"long « é »"

#~ msgid "Old"
#~ msgstr "Vieux"
"""


@pytest.fixture
def catalogues(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("catalogues", ROOT / "tools" / "catalogues.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "catalogues", module)
    spec.loader.exec_module(module)
    return module


def write(folder: Path, text: str) -> Path:
    path = folder / "django.po"
    path.write_text(text, "utf-8")
    return path


def test_a_compiled_catalogue_is_read_by_gettext(catalogues: ModuleType, tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    assert catalogues.main("compile", str(tmp_path)) == 0
    with path.with_suffix(".mo").open("rb") as file:
        read = gettext.GNUTranslations(file)
    assert read.gettext("Orders") == "Commandes"
    assert read.pgettext("verb", "Order") == "Commander"
    assert read.ngettext("%(count)s order", "%(count)s orders", 1) == "%(count)s commande"
    assert read.ngettext("%(count)s order", "%(count)s orders", 2) == "%(count)s commandes"
    assert read.gettext("A long text") == "Un texte\nlong «\u00a0é\u00a0»"
    assert read.gettext("Old") == "Old"
    assert catalogues.main("check", str(tmp_path)) == 0


@pytest.mark.parametrize(
    ("typed", "compiled"),
    [
        ("Total : 3 ; et après ?", "Total~: 3~; et après~?"),
        ("« Note » !", "«~Note~»~!"),
        ("https://x.example : a:b", "https://x.example~: a:b"),
        (" : seul", " : seul"),
        ("20 % de 3", "20 % de 3"),
    ],
)
def test_french_signs_keep_to_their_word(catalogues: ModuleType, typed: str, compiled: str) -> None:
    assert catalogues.set_in_type(typed).replace("\u00a0", "~") == compiled


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('msgstr "Commandes"', 'msgstr ""', "not translated: 'Orders'"),
        ("#, python-format", "#, fuzzy, python-format", "not translated: '%(count)s order'"),
        ('msgstr[1] "%(count)s', 'msgstr[1] "%(number)s', "other placeholders"),
        ('msgstr "Commander"', 'msgstr "Passer commande"', "not compiled from its .po"),
    ],
)
def test_what_is_missing_is_said_with_its_line(
    catalogues: ModuleType,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    before: str,
    after: str,
    said: str,
) -> None:
    write(tmp_path, GOOD)
    catalogues.main("compile", str(tmp_path))
    write(tmp_path, GOOD.replace(before, after))
    assert before in GOOD
    assert catalogues.main("check", str(tmp_path)) == 1
    assert said in capsys.readouterr().err
