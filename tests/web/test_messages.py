"""Every text of the code and of the templates is in the French catalogue: none missing, none left over as fuzzy."""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import comptoir

SOURCES = Path(comptoir.__file__).parent
CATALOGUE = SOURCES / "web/locale/fr/LC_MESSAGES/django.po"
CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "N_"}
TRANSLATE = re.compile(r"""{%\s*(?:translate|trans)\s+(?:"([^"]*)"|'([^']*)')""")
BLOCK = re.compile(r"{%\s*blocktranslate[^%]*%}(.*?){%\s*(?:plural|endblocktranslate)", re.DOTALL)


def texts_of_code() -> Iterator[str]:
    for path in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in CALLS
                and node.args
            ):
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield first.value


def texts_of_templates() -> Iterator[str]:
    for path in SOURCES.rglob("*.html"):
        text = path.read_text("utf-8")
        yield from (double or single for double, single in TRANSLATE.findall(text))
        for block in BLOCK.findall(text):
            yield re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", block.replace("%", "%%"))


def test_every_text_has_its_french() -> None:
    tool = Path(__file__).parents[2] / "tools/catalogues.py"
    spec = importlib.util.spec_from_file_location("catalogues", tool)
    assert spec is not None
    assert spec.loader is not None
    catalogues = importlib.util.module_from_spec(spec)
    sys.modules["catalogues"] = catalogues
    spec.loader.exec_module(catalogues)
    known = {entry.texts["msgid"] for entry in catalogues.read_po(CATALOGUE)}
    wanted = {*texts_of_code(), *texts_of_templates()}
    assert len(wanted) > 400
    assert wanted - known == set()
    assert list(catalogues.troubles(CATALOGUE)) == []
