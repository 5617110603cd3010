"""Facts: pupils, enrolments, calendars, timetables, absence, and the norms that were passed."""
