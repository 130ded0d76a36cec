"""信访与物业民生诉求, of 2011 and of today: its limits, counted by hand.

2011: 10 to 12 September off; 1 to 7 October off, 8 and 9 October worked. 2012: 22 to 28 January
off, 21 and 29 January worked. 2025: 1 to 8 October off, 28 September and 11 October worked. 2026:
1 to 3 January off, 4 January worked; 15 to 23 February off, 14 and 28 February worked.
"""

from tests.workflows.limits.vectors import counted

FIVE = (
    ("2011-07-25 10:00", "2011-07-29 09:00", "2011-08-01"),
    # 8 to 12 October.
    ("2011-09-30 16:00", "2011-10-11 09:00", "2011-10-12"),
    # 20, 21, 29, 30, 31 January.
    ("2012-01-19 09:00", "2012-01-30 09:00", "2012-01-31"),
    # 28, 29, 30 September, 9, 10 October.
    ("2025-09-26 09:00", "2025-10-09 09:00", "2025-10-10"),
    # 14, 24, 25, 26, 27 February.
    ("2026-02-13 09:00", "2026-02-26 09:00", "2026-02-27"),
)
FIFTEEN = (
    # 6 days to the end of July: Saturday 6 August, so Monday; the 9th.
    ("2011-07-25 10:00", "2011-08-08 09:00", "2011-08-09"),
    # 2 and 5 October, off until Saturday the 8th.
    ("2011-09-20 10:00", "2011-10-08 09:00", "2011-10-08"),
    # 22 and 25 January, off until Sunday the 29th.
    ("2012-01-10 10:00", "2012-01-29 09:00", "2012-01-29"),
    # 6 October, off until the 9th, which is the fifteenth.
    ("2025-09-24 10:00", "2025-10-09 09:00", "2025-10-09"),
    # Wednesday the 11th; Saturday 14 February, made up.
    ("2026-01-30 10:00", "2026-02-11 09:00", "2026-02-14"),
    # That Saturday is the twelfth; the 17th is off until the 24th.
    ("2026-02-02 10:00", "2026-02-14 09:00", "2026-02-24"),
)
THIRTY = (
    ("2011-07-25 10:00", "2011-08-18 09:00", "2011-08-24"),
    # 25 days to the end of September: the 29th of it, and 5 October, off until the 8th.
    ("2011-09-05 10:00", "2011-09-29 09:00", "2011-10-08"),
    # 8 days to the end of December: 16 January; the 22nd, off until Sunday the 29th.
    ("2011-12-23 10:00", "2012-01-16 09:00", "2012-01-29"),
    # 2 and 8 October, off until the 9th.
    ("2025-09-08 10:00", "2025-10-09 09:00", "2025-10-09"),
    # 16 days to the end of January: Sunday 8 February, so Monday; Saturday the 14th, made up.
    ("2026-01-15 10:00", "2026-02-09 09:00", "2026-02-14"),
)
SIXTY = (
    # July 6, August 37: 11 September, off until the 13th; the 23rd.
    ("2011-07-25 10:00", "2011-09-13 09:00", "2011-09-23"),
    # August 28, September 58: the 20th of it, and 2 October, off until the 8th.
    ("2011-08-03 10:00", "2011-09-20 09:00", "2011-10-08"),
    # November 2, December 33: Sunday 15 January, so Monday; the 27th, off until Sunday the 29th.
    ("2011-11-28 10:00", "2012-01-16 09:00", "2012-01-29"),
    # August 25, September 55: the 23rd of it, and 5 October, off until the 9th.
    ("2025-08-06 10:00", "2025-09-23 09:00", "2025-10-09"),
    # December 15, January 46: 2 February; Saturday the 14th, made up.
    ("2025-12-16 10:00", "2026-02-02 09:00", "2026-02-14"),
    # December 14, January 45: 3 February; the 15th, off until the 24th.
    ("2025-12-17 10:00", "2026-02-03 09:00", "2026-02-24"),
)

VECTORS = (
    *counted("decision", "15 d", "register", *FIFTEEN),
    *counted("decision", "5 wd", "register", *FIVE),
    # Returned by the unit that it was forwarded to, it is decided anew.
    *counted("decision", "15 d", "M5", FIFTEEN[1], FIFTEEN[3]),
    *counted("decision", "5 wd", "M5", FIVE[1], FIVE[3]),
    *counted("taking_over", "15 d", "M3", *FIFTEEN),
    *counted("handling", "60 d", "M1", *SIXTY),
    *counted("handling", "60 d", "M4", SIXTY[1], SIXTY[3]),
    *counted("handling", "5 wd", "M1", *FIVE),
    *counted("handling", "5 wd", "M4", FIVE[1], FIVE[3]),
    *counted("handling", "60 d", "M21", SIXTY[0]),
    *counted("handling", "5 wd", "M21", FIVE[0]),
    # From the old last day: 1 and 7 November; 2 and 8 November, a Sunday and a Saturday.
    *counted(
        "handling",
        "30 d more",
        "M1",
        ("2011-08-03 10:00", "2011-11-01 09:00", "2011-11-07"),
        ("2025-08-06 10:00", "2025-11-03 09:00", "2025-11-10"),
        more=30,
    ),
    # Counted in working days, as these are. From Monday 1 August: to 5, 12, 19, 26 August and 2
    # and 9 September four, nine, fourteen, nineteen, 24, 29; Monday the 12th is off.
    *counted(
        "handling",
        "30 wd more",
        "M1",
        ("2011-07-25 10:00", "2011-09-02 09:00", "2011-09-13"),
        more=30,
    ),
    # From 27 February: 28 is one; to 6, 13, 20, 27 March six, eleven, sixteen, 21; to 3 April 26;
    # 4 to 6 off, 7 to 10 are 30; the 24th is the 1st.
    *counted(
        "handling",
        "30 wd more",
        "M1",
        ("2026-02-13 09:00", "2026-04-01 09:00", "2026-04-10"),
        more=30,
    ),
    *counted("ask_review", "30 d", "M17", *THIRTY),
    *counted("review", "30 d", "M19", *THIRTY),
    *counted("ask_final", "30 d", "M20", *THIRTY),
    *counted("final_review", "30 d", "M23", *THIRTY),
    *counted(
        "resting",
        "0 h",
        "entry:execution",
        ("2011-10-01 10:00", "2011-10-01 10:00", "2011-10-01 10:00"),
        ("2026-02-17 20:15", "2026-02-17 20:15", "2026-02-17 20:15"),
    ),
    # Hours run on nights and holidays: four fifths are 19 hours and 12 minutes.
    *counted(
        "first_contact",
        "24 h",
        "register",
        ("2011-07-22 17:00", "2011-07-23 12:12", "2011-07-23 17:00"),
        ("2011-09-30 20:00", "2011-10-01 15:12", "2011-10-01 20:00"),
        ("2026-02-14 16:30", "2026-02-15 11:42", "2026-02-15 16:30"),
    ),
    # 1 hour and 36 minutes.
    *counted(
        "first_contact",
        "2 h",
        "register",
        ("2011-09-30 23:30", "2011-10-01 01:06", "2011-10-01 01:30"),
        ("2026-02-15 11:00", "2026-02-15 12:36", "2026-02-15 13:00"),
        record={"urgent": True},
    ),
    *counted("reopened", "half of 60 d", "X2", *THIRTY),
    # Half of five days, rounded up, is three: 8, 9, 10 October; 14, 24, 25 February.
    *counted(
        "reopened",
        "half of 5 wd",
        "X2",
        ("2011-09-30 10:00", "2011-10-10 09:00", "2011-10-10"),
        ("2026-02-13 10:00", "2026-02-25 09:00", "2026-02-25"),
    ),
)
