"""The name of a browser and its system, from what it says of itself: enough to know one's own."""

from __future__ import annotations

BROWSERS = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"), ("curl", "curl"),
)  # fmt: skip
"""The first that is named: most say that they are the later ones too."""
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def browser_name(user_agent: str) -> str:
    """« Firefox · Windows »; the beginning of what it said where neither is known; "" where it said nothing."""
    named = [next((name for word, name in known if word in user_agent), "") for known in (BROWSERS, SYSTEMS)]
    return " · ".join(filter(None, named)) or user_agent[:60]
