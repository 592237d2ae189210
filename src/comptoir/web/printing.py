"""Sheets on paper, as PDF by Typst: its text is ours, what varies is data and cannot become markup."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typst
from django.http import HttpResponse
from django.utils.translation import get_language

_SHEETS = Path(__file__).parent / "sheets"


def print_sheet(name: str, data: dict[str, Any]) -> bytes:
    """`name`: a file of `sheets/`; `data`: JSON values, with `title`, `footer` and `texts`."""
    language = (get_language() or "fr")[:2]
    given = json.dumps({**data, "language": language}, ensure_ascii=False)
    made = typst.compile(str(_SHEETS / f"{name}.typ"), root=str(_SHEETS), sys_inputs={"data": given},
                         format="pdf", ignore_system_fonts=True)  # fmt: skip
    if not isinstance(made, bytes):
        raise TypeError("one PDF was expected")
    return made


def pdf_answer(filename: str, document: bytes) -> HttpResponse:
    """Shown by the browser, from where it is printed or kept."""
    answer = HttpResponse(document, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{filename}"'
    return answer
