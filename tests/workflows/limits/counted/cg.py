"""城市管理与环境卫生: its limits, counted by hand.

2011: 1 to 7 October off, 8 and 9 October worked. 2025: 1 to 8 October off, 28 September and 11
October worked. 2026: 15 to 23 February off, 14 and 28 February worked.
"""

from tests.workflows.limits.vectors import counted

ONE = (
    # From Friday, Monday.
    ("2011-07-22 10:30", "2011-07-25 09:00", "2011-07-25"),
    # Saturday the 8th, made up.
    ("2011-09-30 10:30", "2011-10-08 09:00", "2011-10-08"),
    ("2026-02-14 10:30", "2026-02-24 09:00", "2026-02-24"),
)
# Four fifths of four hours are 3 hours and 12 minutes.
FOUR_HOURS = (
    # From before the office opens, over noon.
    ("2011-07-25 08:50", "2011-07-25 13:12", "2011-07-25 14:00"),
    # 2 hours and a half until 17:00; the warning 42 minutes later.
    ("2011-07-25 14:30", "2011-07-26 09:42", "2011-07-26 10:30"),
    # 1 hour on the Friday, 3 on Saturday the 8th.
    ("2011-09-30 16:00", "2011-10-08 11:12", "2011-10-08 12:00"),
    # 2 hours on a made-up Saturday, 2 on Tuesday the 24th.
    ("2026-02-14 15:00", "2026-02-24 10:12", "2026-02-24 11:00"),
)

VECTORS = (
    *counted("acceptance", "1 wd", "register", *ONE),
    *counted("onsite", "1 wd", "G1", *ONE),
    *counted("persuading", "1 wd", "G4", *ONE),
    *counted("filed", "4 wh", "G5", *FOUR_HOURS),
    *counted("filed", "4 wh", "G8", FOUR_HOURS[0]),
    *counted(
        "disposal",
        "2 wd",
        "G9",
        ("2011-07-25 09:20", "2011-07-27 09:00", "2011-07-27"),
        # 8 and 9 October, a Saturday and a Sunday.
        ("2011-09-30 09:20", "2011-10-09 09:00", "2011-10-09"),
        facts={"category": "rubble"},
    ),
    *counted("disposal", "1 wd", "G9", *ONE, facts={"category": "piles"}),
    *counted("disposal", "4 wh", "G9", *FOUR_HOURS),
    *counted(
        "disposal",
        "20 wd",
        "G9",
        # 26 to 29 July are four, to 5, 12, 19 August nine, fourteen, nineteen; the 16th is the
        # 16th, the 22nd the twentieth.
        ("2011-07-25 09:20", "2011-08-16 09:00", "2011-08-22"),
        # 14 February; 24 to 28 are six; to 6 and 13 March eleven and sixteen; the 19th.
        ("2026-02-13 09:20", "2026-03-13 09:00", "2026-03-19"),
    ),
    *counted(
        "disposal",
        "5 wd",
        "G9",
        ("2011-07-25 09:20", "2011-07-29 09:00", "2011-08-01"),
        # 28, 29, 30 September, 9, 10 October.
        ("2025-09-26 09:20", "2025-10-09 09:00", "2025-10-10"),
    ),
    *counted(
        "disposal",
        "3 wd",
        "G9",
        ("2011-07-25 09:20", "2011-07-28 09:00", "2011-07-28"),
        # 14, 24, 25 February.
        ("2026-02-13 09:20", "2026-02-25 09:00", "2026-02-25"),
    ),
    # Sunday, named and not moved. 158 hours, four fifths: 5 days, 6 hours and 24 minutes.
    *counted(
        "disposal",
        "by due",
        "G9",
        ("2011-07-25 10:00", "2011-07-30 16:24", "2011-07-31"),
        record={"due": "2011-07-31"},
    ),
    *counted("disposal", "1 wd", "G17", ONE[0], facts={"category": "piles"}),
    *counted("checking", "1 wd", "G13", *ONE),
    # Three working days are more than half of what is so short: Friday, Monday, Tuesday.
    *counted(
        "reopened",
        "half of 2 wd",
        "X2",
        ("2011-07-28 10:00", "2011-08-02 09:00", "2011-08-02"),
        facts={"category": "rubble"},
    ),
    *(
        vector
        for half in ("half of 1 wd", "half of 4 wh", "half of 5 wd", "half of 3 wd")
        for vector in counted(
            "reopened",
            half,
            "X2",
            ("2011-07-28 10:00", "2011-08-02 09:00", "2011-08-02"),
            # 30 September, 8 and 9 October.
            ("2011-09-29 10:00", "2011-10-09 09:00", "2011-10-09"),
        )
    ),
    # Ten working days: 29 July is one, to 5 August six; the 9th and the 11th.
    *counted(
        "reopened", "half of 20 wd", "X2", ("2011-07-28 10:00", "2011-08-09 09:00", "2011-08-11")
    ),
)
