"""What is done about it: the case, its team, steps, log, meetings, and reports to leerplicht."""
