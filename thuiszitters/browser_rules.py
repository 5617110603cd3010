"""Settings: what a browser may do on our pages, in the two headers that say it at length."""

from __future__ import annotations

from typing import Any

from csp.constants import NONE, SELF


def content_security_policy(*, upgrade: bool) -> dict[str, Any]:
    """Nothing from elsewhere, nothing that stands in the page itself. `upgrade`: over TLS also where a link says http.

    No report-uri: what a browser reports holds the address of the page, and what somebody's plug-ins put in it.
    """
    return {
        "DIRECTIVES": {
            "default-src": [NONE],
            "script-src": [SELF],
            "style-src": [SELF],
            "img-src": [SELF, "data:"],
            "font-src": [SELF],
            "connect-src": [SELF],
            "form-action": [SELF],
            "frame-ancestors": [NONE],
            "base-uri": [NONE],
            "manifest-src": [SELF],
            "frame-src": [NONE],
            "object-src": [NONE],
            "worker-src": [NONE],
            "upgrade-insecure-requests": upgrade,
        }
    }


PERMISSIONS_POLICY: dict[str, list[str]] = {
    "accelerometer": [],
    "browsing-topics": [],
    "camera": [],
    "display-capture": [],
    "geolocation": [],
    "gyroscope": [],
    "hid": [],
    "idle-detection": [],
    "local-fonts": [],
    "magnetometer": [],
    "microphone": [],
    "midi": [],
    "payment": [],
    "serial": [],
    "usb": [],
    "xr-spatial-tracking": [],
    # Passkeys are made and used on our own pages.
    "publickey-credentials-create": ["self"],
    "publickey-credentials-get": ["self"],
}
