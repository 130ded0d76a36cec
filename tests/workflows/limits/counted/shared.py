"""What all lines share: its limits, counted by hand.

2011: 1 to 7 October off, 8 and 9 October worked. 2012: 22 to 28 January off, 21 and 29 January
worked. 2025: 1 to 8 October off, 28 September and 11 October worked. 2026: 15 to 23 February off,
14 and 28 February worked.
"""

from tests.workflows.limits.vectors import counted

VECTORS = (
    *counted(
        "referral",
        "1 wd",
        "refer",
        ("2011-07-22 10:00", "2011-07-25 09:00", "2011-07-25"),
        # From a holiday to Saturday the 8th, made up.
        ("2011-10-07 16:00", "2011-10-08 09:00", "2011-10-08"),
        # From a Saturday to Sunday the 28th, made up.
        ("2025-09-27 10:00", "2025-09-28 09:00", "2025-09-28"),
        ("2026-02-14 09:00", "2026-02-24 09:00", "2026-02-24"),
    ),
    *counted(
        "return_visit",
        "3 wd",
        "state:resolved",
        ("2011-07-26 10:00", "2011-07-29 09:00", "2011-07-29"),
        # 30 September, 8 and 9 October.
        ("2011-09-29 10:00", "2011-10-09 09:00", "2011-10-09"),
        # 21, 29, 30 January.
        ("2012-01-20 10:00", "2012-01-30 09:00", "2012-01-30"),
        # 9, 10, 11 October.
        ("2025-09-30 10:00", "2025-10-11 09:00", "2025-10-11"),
        # 14, 24, 25 February.
        ("2026-02-13 10:00", "2026-02-25 09:00", "2026-02-25"),
        wish="contact",
    ),
    # A day that somebody names is not moved. 302 hours, four fifths: 10 days, 1 hour and 36
    # minutes. 278 hours: 9 days, 6 hours and 24 minutes.
    *counted(
        "reopened",
        "by new_due",
        "X2",
        ("2011-08-08 10:00", "2011-08-18 11:36", "2011-08-20"),
        record={"new_due": "2011-08-20"},
    ),
    *counted(
        "reopened",
        "by new_due",
        "X2",
        ("2026-02-09 10:00", "2026-02-18 16:24", "2026-02-20"),
        record={"new_due": "2026-02-20"},
    ),
    *counted(
        "suspension",
        "60 d",
        "suspend",
        # August 28, September 58: the 20th of it, and 2 October, off until the 8th.
        ("2011-08-03 10:00", "2011-09-20 09:00", "2011-10-08"),
        # December 14, January 45: 3 February; the 15th, off until the 24th.
        ("2025-12-17 10:00", "2026-02-03 09:00", "2026-02-24"),
    ),
    *counted(
        "exempt",
        "0 h",
        "state:resolved",
        ("2011-10-01 10:00", "2011-10-01 10:00", "2011-10-01 10:00"),
        ("2026-02-17 20:15", "2026-02-17 20:15", "2026-02-17 20:15"),
        wish="none",
    ),
    *counted(
        "deemed",
        "5 wd",
        "register",
        ("2011-07-25 10:00", "2011-07-29 09:00", "2011-08-01"),
        # 8 to 12 October.
        ("2011-09-30 16:00", "2011-10-11 09:00", "2011-10-12"),
        # 28, 29, 30 September, 9, 10 October.
        ("2025-09-26 09:00", "2025-10-09 09:00", "2025-10-10"),
        # 14, 24, 25, 26, 27 February.
        ("2026-02-13 09:00", "2026-02-26 09:00", "2026-02-27"),
    ),
    # A day of the calendar is not moved, though it be a Saturday; it warns ten days before.
    *counted(
        "archiving",
        "by June 30",
        "X1",
        ("2011-09-05 10:00", "2012-06-21 00:00", "2012-06-30"),
        ("2011-12-31 10:00", "2012-06-21 00:00", "2012-06-30"),
        ("2026-01-01 10:00", "2027-06-21 00:00", "2027-06-30"),
    ),
)
