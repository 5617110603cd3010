"""What changes in how somebody gives a second step: told to the log and, by mail, to the person."""

from __future__ import annotations

from functools import partial

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Q

from thuiszitters.accounts.clock import today
from thuiszitters.accounts.mail import send_staff_mail
from thuiszitters.accounts.models import Membership, User
from thuiszitters.accounts.roles import Role
from thuiszitters.accounts.second_factor import kind_of
from thuiszitters.accounts.services.invitations import send_invitation
from thuiszitters.accounts.services.sessions import end_sessions
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.services.recording import record


class ResetRefusedError(Exception):
    """Nobody takes away their own second step here. The message says so in Dutch."""


def tell_change(*, person: User, factor: Authenticator, what: str) -> None:
    """Log that `factor` was `what` ("toegevoegd", "weggehaald", "opnieuw gemaakt"), in the open transaction; after it
    the person gets a mail, so that nobody else does this unseen."""
    kind = kind_of(factor)
    record(Kind.RIGHTS, f"tweede stap {what}", row=factor.pk or "", actor=person.code, detail={"met": kind})
    context = {"name": person.name, "what": f"{kind} {what}"}
    mail = partial(
        send_staff_mail,
        person.email,
        "Inloggen bij Thuiszitters is gewijzigd",
        "mail/second_factor_changed.txt",
        context,
    )
    transaction.on_commit(mail)


def reset_second_factor(*, person: User, by: User) -> None:
    """Take away every second step and the password of somebody who lost their phone, and let them begin anew.

    Every session ends. The person gets a link to choose a password and sets up a second step after it; the other
    beheerders of where the person works get a mail. May run twice: then there are two mails. ResetRefusedError
    for an account of one's own.
    """
    if person.pk == by.pk:
        raise ResetRefusedError("Je kunt je eigen tweede stap hier niet weghalen. Vraag een andere beheerder.")
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=person.pk)
        factors = Authenticator.objects.filter(user=locked)
        taken = sorted(kind_of(factor) for factor in factors)
        factors.delete()
        locked.set_unusable_password()
        locked.save(update_fields=["password"])
        end_sessions(user=locked)
        record(Kind.RIGHTS, "tweede stap weggehaald door beheerder", row=person.code, detail={"met": taken})
        transaction.on_commit(partial(_tell_of_reset, locked, by, beheerders_of(locked, without=by)))


def beheerders_of(person: User, without: User) -> list[str]:
    """Addresses of who is beheerder today where `person` has a role now: of the school, and of its alliance."""
    now = Membership.objects.current(today())
    held = now.filter(user=person)
    schools, alliances = held.values("school"), held.values("alliance")
    there = Q(school__in=schools) | Q(alliance__in=alliances) | Q(alliance__in=held.values("school__alliance"))
    found = now.filter(there, role=Role.BEHEERDER, user__is_active=True).exclude(user__in=[person, without])
    return sorted(set(found.values_list("user__email", flat=True)))


def _tell_of_reset(person: User, by: User, others: list[str]) -> None:
    context = {"name": person.name, "by": by.name}
    send_staff_mail(person.email, "Je tweede stap is weggehaald", "mail/second_factor_reset.txt", context)
    send_invitation(user=person)
    for address in others:
        send_staff_mail(address, "Een tweede stap is weggehaald", "mail/second_factor_reset_notice.txt", context)
