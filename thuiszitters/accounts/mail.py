"""The one way in which mail of ours leaves the house: to staff, and without personal data."""

from __future__ import annotations

import logging
from pathlib import Path
from smtplib import SMTPException
from typing import Any

from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from thuiszitters.accounts.addresses import site_address
from thuiszitters.accounts.models import User
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.services.recording import record

logger = logging.getLogger(__name__)

Attachment = tuple[str, str, str]
"""File name, content, MIME type."""


def send_staff_mail(
    to: str, subject: str, text_template: str, context: dict[str, Any], *, attachments: tuple[Attachment, ...] = ()
) -> bool:
    """Send a mail to one member of staff; whether the mail server took it. Never inside a transaction.

    Subject and text hold no name, class or number of a pupil: counts and links (`site_url` is in the context) only. A
    failure is logged without the address; the caller decides whether to try again. The log says which mail went to
    whom, by code, and not what stood in it.
    """
    text = render_to_string(text_template, {"site_url": site_address(), **context})
    message = EmailMessage(subject=subject, body=text, to=[to])
    for name, content, mime in attachments:
        message.attach(name, content, mime)
    sent = True
    try:
        message.send()
    except (SMTPException, OSError) as error:
        logger.warning("a mail could not be sent: %s", type(error).__name__)
        sent = False
    receiver = User.objects.filter(email=to).values_list("code", flat=True).first()
    detail = {"verstuurd": sent} | ({"bijlagen": len(attachments)} if attachments else {})
    record(Kind.MAIL, Path(text_template).stem, row=receiver or "", detail=detail)
    return sent
