"""劳动就业与社会保障: its limits, counted by hand.

2011: 1 to 7 October off, 8 and 9 October worked. 2012: 22 to 28 January off, 21 and 29 January
worked. 2026: 15 to 23 February off, 14 and 28 February worked.
"""

from tests.workflows.limits.vectors import counted

THREE = (
    ("2011-07-25 09:00", "2011-07-28 09:00", "2011-07-28"),
    # 8, 9, 10 October.
    ("2011-09-30 09:00", "2011-10-10 09:00", "2011-10-10"),
    # 21, 29, 30 January.
    ("2012-01-20 09:00", "2012-01-30 09:00", "2012-01-30"),
    # 14, 24, 25 February.
    ("2026-02-13 09:00", "2026-02-25 09:00", "2026-02-25"),
)

VECTORS = (
    *counted("total", "3 wd", "C1", *THREE),
    *counted(
        "total",
        "20 wd",
        "C1",
        # To 29 July four, to 5, 12, 19 August nine, fourteen, nineteen.
        ("2011-07-25 09:00", "2011-08-16 09:00", "2011-08-22"),
        # To 23 and 30 September three and eight; 8 and 9 October; to the 14th fifteen.
        ("2011-09-20 09:00", "2011-10-17 09:00", "2011-10-21"),
    ),
    # 15 hours until midnight, four fifths: 12.
    *counted("total", "0 d", "C1", ("2011-10-01 09:00", "2011-10-01 21:00", "2011-10-01")),
    *counted(
        "first_contact",
        "5 wd",
        "C4",
        ("2011-07-26 09:00", "2011-08-01 09:00", "2011-08-02"),
        # 14, 24, 25, 26, 27 February.
        ("2026-02-13 09:00", "2026-02-26 09:00", "2026-02-27"),
    ),
    # To 5, 12, 19, 26 August one, six, eleven, sixteen.
    *counted(
        "first_post",
        "20 wd",
        "C10",
        ("2011-08-04 09:00", "2011-08-26 09:00", "2011-09-01"),
        facts={"category": "zero_employment"},
    ),
    # 29 and 30 September; 8, 9, 10 October.
    *counted("notice", "5 wd", "C8", ("2011-09-28 09:00", "2011-10-09 09:00", "2011-10-10")),
    # Three working days are more than half of three, and of none.
    *counted("reopened", "half of 3 wd", "X2", *THREE),
    *counted("reopened", "half of 0 d", "X2", *THREE),
    *counted("reopened", "3 wd", "X2", *THREE),
    # 27 to 30 September are four, 8 to 13 October ten; the eighth is the 11th.
    *counted(
        "reopened", "half of 20 wd", "X2", ("2011-09-26 09:00", "2011-10-11 09:00", "2011-10-13")
    ),
)
