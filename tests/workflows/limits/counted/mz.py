"""民政救助, of 2011 and of today: its limits, counted by hand.

2011: 10 to 12 September off; 1 to 7 October off, 8 and 9 October worked. 2025: 1 to 8 October off,
28 September and 11 October worked. 2026: 15 to 23 February off, 14 and 28 February worked; 4 to 6
April and 1 to 5 May off, 9 May worked.
"""

from tests.workflows.limits.vectors import counted

REFUSED = (
    # 30 September, 8 and 9 October.
    ("2011-09-29 10:00", "2011-10-09 09:00", "2011-10-09"),
    # 14, 24, 25 February.
    ("2026-02-13 10:00", "2026-02-25 09:00", "2026-02-25"),
)

VECTORS = (
    *counted(
        "total",
        "30 d",
        "B1",
        ("2011-07-25 14:00", "2011-08-18 09:00", "2011-08-24"),
        # 5 October, off until the 8th.
        ("2011-09-05 09:00", "2011-09-29 09:00", "2011-10-08"),
    ),
    *counted(
        "total",
        "30 wd",
        "B1",
        # To 6, 13, 20, 27 March 4, 9, 14, 19; to 3 April 24; 7 to 10 are 28.
        ("2026-03-02 14:00", "2026-04-03 09:00", "2026-04-14"),
        # To 19 and 26 September 4 and 9; 28, 29, 30; 9, 10, 11 October are 15; 20, 25, 30.
        ("2025-09-15 09:00", "2025-10-23 09:00", "2025-10-31"),
    ),
    # From 14 April: to the 17th 3, to the 24th 8, to the 30th 12; 6, 7, 8 May.
    *counted(
        "total",
        "15 wd more",
        "B1",
        ("2026-03-02 14:00", "2026-04-30 09:00", "2026-05-08"),
        more=15,
    ),
    *counted(
        "urgent_aid",
        "24 h",
        "register",
        ("2011-10-01 09:00", "2011-10-02 04:12", "2011-10-02 09:00"),
        ("2026-03-02 20:30", "2026-03-03 15:42", "2026-03-03 20:30"),
        record={"urgent": True},
    ),
    *counted(
        "regularising",
        "10 wd",
        "B3",
        # 30 September, 8 and 9 October; to the 14th 8.
        ("2011-09-29 09:00", "2011-10-14 09:00", "2011-10-18"),
        # To 6 and 13 March 3 and 8.
        ("2026-03-03 09:10", "2026-03-13 09:00", "2026-03-17"),
    ),
    *counted(
        "notice",
        "7 d",
        "B9",
        ("2011-08-04 09:00", "2011-08-10 09:00", "2011-08-11"),
        # 3 and 4 October, off until the 8th.
        ("2011-09-27 09:00", "2011-10-08 09:00", "2011-10-08"),
        ("2026-02-10 09:00", "2026-02-24 09:00", "2026-02-24"),
    ),
    *counted(
        "confirming",
        "10 wd",
        "B9",
        # The notice ends on 11 August; 12, 15 to 19 are 6, 22 to 25 are 10.
        ("2011-08-04 09:00", "2011-08-23 09:00", "2011-08-25"),
        # It ends on 8 October; 9 to 14 are 6, 17 to 20 are 10.
        ("2011-09-27 09:00", "2011-10-18 09:00", "2011-10-20"),
        # It ends on 24 February; 25 to 28 are 4, 2 to 6 March are 9, then the 9th.
        ("2026-02-10 09:00", "2026-03-05 09:00", "2026-03-09"),
    ),
    *counted("refusal_told", "3 wd", "B10", *REFUSED),
    *counted("refusal_told", "3 wd", "B17", *REFUSED),
    *counted("cut_told", "3 wd", "B16", *REFUSED, facts={"adjustment": "cut"}),
    # Fifteen days: 10 September, off until the 13th, which is the fifteenth.
    *counted(
        "reopened", "half of 30 d", "X2", ("2011-08-29 10:00", "2011-09-13 09:00", "2011-09-13")
    ),
    # 31 March to 3 April are 4; 7 to 10 are 8; to the 17th 13.
    *counted(
        "reopened", "half of 30 wd", "X2", ("2026-03-30 10:00", "2026-04-16 09:00", "2026-04-21")
    ),
)
