"""Which task runs when: the schedule of Celery beat."""

from __future__ import annotations

from typing import Any

from celery.schedules import crontab


def beat_schedule(*, nightly_hour: int, reminder_hour: int) -> dict[str, dict[str, Any]]:
    """All planned tasks, by name. Each may run twice, and finds what an earlier run missed."""
    return {
        "audit.seal": {"task": "audit.seal", "schedule": crontab(minute="*/5")},
        "accounts.carry_out_departures": {"task": "accounts.carry_out_departures", "schedule": crontab(minute="*/10")},
        "accounts.forget_sessions": {"task": "accounts.forget_sessions", "schedule": crontab(hour=2, minute=30)},
        "attendance.evaluate_due": {"task": "attendance.evaluate_due", "schedule": crontab(minute="*/10")},
        "attendance.check_clocks": {
            "task": "attendance.check_clocks",
            "schedule": crontab(minute="30", hour=str(nightly_hour), day_of_week="sunday"),
        },
        "attendance.sweep_uploads": {"task": "attendance.sweep_uploads", "schedule": crontab()},
        "attendance.forget_uploads": {"task": "attendance.forget_uploads", "schedule": crontab(hour=4, minute=10)},
        "attendance.remind_of_registers": {
            "task": "attendance.remind_of_registers",
            "schedule": crontab(minute="5,25,45", hour=str(reminder_hour)),
        },
        "attendance.tend_access": {"task": "attendance.tend_access", "schedule": crontab(hour=6, minute=5)},
        "attendance.mail_about_access": {"task": "attendance.mail_about_access", "schedule": crontab()},
        "cases.follow_up": {"task": "cases.follow_up", "schedule": crontab()},
        "cases.recount": {"task": "cases.recount", "schedule": crontab(hour=3, minute=40)},
        "cases.propose_meetings": {"task": "cases.propose_meetings", "schedule": crontab(hour=6, minute=15)},
        "cases.mail": {"task": "cases.mail", "schedule": crontab()},
        "cases.remind_of_steps": {"task": "cases.remind_of_steps", "schedule": crontab(hour=7, minute=30)},
        "tables.follow_up": {"task": "tables.follow_up", "schedule": crontab()},
        "privacy.sweep": {"task": "privacy.sweep", "schedule": crontab(minute="*/10")},
        # Also just before midnight: an FG sees what somebody did on the last day that they belonged somewhere.
        "privacy.find_alerts": {"task": "privacy.find_alerts", "schedule": crontab(minute="55")},
        "privacy.verify_log": {
            "task": "privacy.verify_log",
            "schedule": crontab(hour=5, minute=15, day_of_week="sunday"),
        },
        "privacy.forget": {"task": "privacy.forget", "schedule": crontab(hour=4, minute=25)},
    }
