"""Demo data: schools, pupils, absence and people that do not exist, made anew for any date. Part of the wiring: it may
import every app, and no app imports it."""
