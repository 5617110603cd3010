"""The Thuiszitterstafel: pupils at home, followed by school, samenwerkingsverband and leerplicht. No database."""
