"""Texts that make software stumble, of our own making."""

from __future__ import annotations

NAUGHTY = (
    # What a program can take for something else
    "null", "NULL", "None", "nil", "undefined", "NaN", "Infinity", "-Infinity", "true", "false", "0", "-0", "00", "1e309",
    "0x1F", "1/0", "--", "-", "+", ".", "..", "\\", "/", "//", "#N/A", "#REF!", "=", "@", "'", "''", "`", "´", "\"", "\"\"",
    # Formulas of spreadsheets
    "=cmd|' /C calc'!A0", "=1+1", "+1+1", "-1+1", "@SUM(1+1)*cmd|' /C calc'!A0", "=HYPERLINK(\"http://x.example\",\"k\")",
    "\t=1+1", "＝1+1", "=\"\"&A1", "=DDE(\"a\";\"b\")",
    # Statements, templates, paths
    "'; DROP TABLE attendance_pupil; --", "1 OR 1=1", "' OR ''='", "Robert'); DELETE FROM x;--", "%s%s%n", "{0}",
    "{{ 7*7 }}", "{% now \"Y\" %}", "${7*7}", "<%= 7*7 %>", "../../../../etc/passwd", "C:\\con\\nul", "$(id)", "`id`", "; ls",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)", "&lt;b&gt;", "<!--", "]]>", "&#x0;",
    "<!DOCTYPE x [<!ENTITY y SYSTEM \"file:///etc/passwd\">]>", "&y;",
    # Characters
    "\x00", "a\x00b", "a\x07b", "a\x1bb", "a\x7fb", "a\x85b", "a\u2028b", "a\ufffdb", "a\ufeffb", "\ufeff", "a\u200bb", "\u200b",
    "a\u202eb", "\u2066a\u2069", "a\u00adb", "a\ufff9b", "\U000e0041", "a\U0010ffffb", "\ue000", "Z\u0341\u0342\u0346algo",
    "\u0301", "e\u0301", "\ufb03", "İstanbul", "ıI", "ﬁ", "ẞ", "Ⅷ", "²", "٣", "一二三", "ﷺ", "👩‍👩‍👧", "🏴\U000e0067\U000e0062\U000e007f",
    "مرحبا", "שלום", "ʻokina", "van 't", "van ’t", "d'Arc", "O’Neil-de Vries", "Ng", "X", "'s-Gravenhage", "IJ", "ĳ",
    " ", "\xa0", "\u3000", "\u2003x", "a" * 10_000, "é" * 300,
    # Dates, numbers and schools that are none
    "30-02-2026", "0000-00-00", "9999-12-31", "01-01-0001", "1-1-1", "31/12/2026", "2026-W05", "１２-０５-２０２６", "00ZZ", "99ZZ999",
    "99999999999999999999", "-5", "1,5,5", "1:99", "107u24m", "u", ":", "m",
)  # fmt: skip
