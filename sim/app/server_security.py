"""Host names that the server accepts, and the security headers of its answers.

Pages of a foreign site cannot frame the planner, nor reach it under a name of their own that they
point at this machine (DNS rebinding): the browser sends that name along.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.middleware import Middleware
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOCAL_NAMES = ("localhost", "127.0.0.1", "::1", "[::1]")
"""Names under which this machine reaches itself."""

POLICY = {
    "default-src": "'self'",
    # Streamlit's page holds a script, its charts compile expressions, its components are blobs.
    "script-src": "'self' 'unsafe-inline' 'unsafe-eval' blob:",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "worker-src": "'self' blob:",
    "frame-src": "'self' blob: data:",
    "connect-src": "'self' data: blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "frame-ancestors": "'self'",
}
HEADERS = {
    "content-security-policy": "; ".join(f"{name} {value}" for name, value in POLICY.items()),
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "same-origin",  # the address may hold the name of a workspace
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class ConfiningHeaders:
    """Adds headers to every answer that say what a browser may do with it.

    Parameters
    ----------
    app : ASGI application
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, with the headers."""
        from starlette.datastructures import MutableHeaders

        async def confined(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self.app(scope, receive, confined if scope["type"] == "http" else send)


def middleware() -> Sequence[Middleware]:
    """Return what stands between the network and Streamlit.

    Names are those of this machine, and what the option ``server.allowedHosts`` holds.
    """
    from starlette.middleware import Middleware
    from starlette.middleware.trustedhost import TrustedHostMiddleware
    from streamlit import config

    allowed = [*LOCAL_NAMES, *config.get_option("server.allowedHosts")]
    return [
        Middleware(ConfiningHeaders),
        Middleware(TrustedHostMiddleware, allowed_hosts=allowed, www_redirect=False),
    ]
