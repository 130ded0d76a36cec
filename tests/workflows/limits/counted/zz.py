"""社会治安综合治理: its limits, counted by hand.

2011: 10 to 12 September off; 1 to 7 October off, 8 and 9 October worked. 2026: 15 to 23 February
off, 14 and 28 February worked.
"""

from tests.workflows.limits.vectors import counted

VECTORS = (
    # Two hours are two hours, by night and in the holidays; four fifths are 1 hour 36 minutes.
    *counted(
        "emergency_entry",
        "2 h",
        "register",
        ("2011-08-06 23:00", "2011-08-07 00:36", "2011-08-07 01:00"),
        ("2011-09-30 23:59", "2011-10-01 01:35", "2011-10-01 01:59"),
        record={"grade": "red"},
    ),
    *counted(
        "verification",
        "24 h",
        "E2",
        ("2011-08-05 16:00", "2011-08-06 11:12", "2011-08-06 16:00"),
        ("2011-09-30 16:00", "2011-10-01 11:12", "2011-10-01 16:00"),
        record={"accepted_grade": "yellow"},
    ),
    *counted(
        "verification",
        "3 wd",
        "E2",
        ("2011-08-05 16:00", "2011-08-10 09:00", "2011-08-10"),
        # 8, 9, 10 October; 14, 24, 25 February.
        ("2011-09-30 16:00", "2011-10-10 09:00", "2011-10-10"),
        ("2026-02-13 16:00", "2026-02-25 09:00", "2026-02-25"),
        record={"accepted_grade": "blue"},
    ),
    # 30 September; 1 October, off until the 8th.
    *counted("rectification", "7 d", "E7", ("2011-09-24 15:00", "2011-09-30 09:00", "2011-10-08")),
    *counted("rectification", "7 d", "E11", ("2011-08-01 15:00", "2011-08-08 09:00", "2011-08-08")),
    # Saturday, named and not moved. 129 hours, four fifths: 4 days, 7 hours and 12 minutes.
    *counted(
        "rectification",
        "by rectify_by",
        "E7",
        ("2011-08-01 15:00", "2011-08-05 22:12", "2011-08-06"),
        record={"rectify_by": "2011-08-06"},
    ),
    *counted(
        "watch",
        "30 d",
        "E14",
        # Saturday 3 September, so Monday; Friday the 9th.
        ("2011-08-10 10:00", "2011-09-05 09:00", "2011-09-09"),
        # 25 September, a Sunday, so Monday; 1 October, off until the 8th.
        ("2011-09-01 10:00", "2011-09-26 09:00", "2011-10-08"),
    ),
    # 91 days and 10 hours, four fifths: 73 days, 3 hours and 12 minutes.
    *counted(
        "watch",
        "by plan_until",
        "E8",
        ("2011-08-01 14:00", "2011-10-13 17:12", "2011-10-31"),
        record={"plan_until": "2011-10-31"},
    ),
    *counted(
        "reopened",
        "half of 7 d",
        "X2",
        # Four days, half of seven, are later than three working days.
        ("2011-08-01 11:00", "2011-08-05 09:00", "2011-08-05"),
        # Four days end on a Monday; three working days on the Tuesday.
        ("2011-08-04 11:00", "2011-08-09 09:00", "2011-08-09"),
    ),
)
