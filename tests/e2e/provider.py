"""A small OpenID Connect provider on loopback: discovery, sign-in page, code with PKCE, token, userinfo, keys.

As https://openid.net/specs/openid-connect-core-1_0.html has the authorization code flow; one client, one person.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET, PASSWORD = "comptoir", "a-secret-of-the-client", "a-password-of-the-company"


@dataclass
class Provider:
    """`email` and `verified`: what it says of the one who signs in there."""

    url: str
    email: str = "claire@example.org"
    verified: bool = True
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)

    @property
    def claims(self) -> dict[str, Any]:
        return {
            "sub": "person-1",
            "email": self.email,
            "email_verified": self.verified,
            "name": "Claire Aubert",
        }


@contextmanager
def provider_open() -> Iterator[Provider]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answer)
    server.provider = Provider(f"http://127.0.0.1:{server.server_port}")  # type: ignore[attr-defined]
    server.key = key  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.provider  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Answer(BaseHTTPRequestHandler):
    server: Any

    @property
    def provider(self) -> Provider:
        return self.server.provider  # type: ignore[no-any-return]

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == "/.well-known/openid-configuration":
            url = self.provider.url
            self._json({
                "issuer": url, "authorization_endpoint": f"{url}/authorize", "token_endpoint": f"{url}/token",
                "userinfo_endpoint": f"{url}/userinfo", "jwks_uri": f"{url}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            })  # fmt: skip
        elif path == "/authorize":
            self._page("<form method=post><label>Password <input id=password name=password type=password></label>"
                       "<button>Continue</button></form>")  # fmt: skip
        elif path == "/keys":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.server.key.public_key()))
            self._json({"keys": [{**public, "kid": "1", "use": "sig", "alg": "RS256"}]})
        elif path == "/userinfo" and self.headers.get("Authorization", "")[7:] in self.provider.tokens:
            self._json(self.provider.claims)
        else:
            self._refuse(f"no {path}")

    def do_POST(self) -> None:
        form = self._form(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())
        address = urlsplit(self.path)
        if address.path == "/authorize":
            self._authorize(self._form(address.query), form)
        elif address.path == "/token":
            self._token(form)
        else:
            self._refuse(f"no {address.path}")

    def _authorize(self, asked: dict[str, str], form: dict[str, str]) -> None:
        if (
            form.get("password") != PASSWORD
            or asked.get("client_id") != CLIENT
            or "openid" not in asked["scope"]
        ):
            return self._refuse("not so")
        code = secrets.token_urlsafe(16)
        self.provider.codes[code] = asked
        self.send_response(302)
        self.send_header(
            "Location", f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"
        )
        self.end_headers()
        return None

    def _token(self, form: dict[str, str]) -> None:
        asked = self.provider.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proof = urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            asked is None
            or asked.get("code_challenge") != proof
            or asked["redirect_uri"] != form["redirect_uri"]
        ):
            return self._refuse("code")
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            return self._refuse("client")
        access, now = secrets.token_urlsafe(16), int(time.time())
        self.provider.tokens.add(access)
        claims = self.provider.claims | {
            "iss": self.provider.url,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
        }
        if "nonce" in asked:
            claims["nonce"] = asked["nonce"]
        signed = jwt.encode(claims, self.server.key, algorithm="RS256", headers={"kid": "1"})
        self._json({"access_token": access, "token_type": "Bearer", "expires_in": 300, "id_token": signed})
        return None

    @staticmethod
    def _form(text: str) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(text).items()}

    def _json(self, value: Any) -> None:
        self._send(200, "application/json", json.dumps(value).encode())

    def _page(self, body: str) -> None:
        page = f"<!doctype html><html lang=en><title>Provider</title><link rel=icon href=data:,>{body}</html>"
        self._send(200, "text/html; charset=utf-8", page.encode())

    def _refuse(self, why: str) -> None:
        self.provider.refused.append(why)
        self._send(400, "text/plain", why.encode())

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
