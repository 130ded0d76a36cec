"""文化教育体育: its limits, counted by hand.

2011: 1 to 7 October off, 8 and 9 October worked; 31 December worked. 2012: 22 to 28 January off,
21 and 29 January worked. 2025: 1 to 8 October off, 28 September and 11 October worked. 2026: 15
to 23 February off, 14 and 28 February worked; 1 to 5 May off, 9 May worked.
"""

from tests.workflows.limits.vectors import counted


def hours(starts: str, ends: str) -> dict[str, str]:
    """What an affair knows of its session."""
    told = {"starts_at": starts, "ends_at": ends}
    return {name: f"{at.replace(' ', 'T')}:00+08:00" for name, at in told.items()}


SATURDAY = hours("2011-08-06 14:00", "2011-08-06 16:00")
FESTIVAL = hours("2026-02-21 14:00", "2026-02-21 16:00")

VECTORS = (
    *counted(
        "acceptance",
        "1 wd",
        "register",
        # From Friday, Monday.
        ("2011-07-22 10:00", "2011-07-25 09:00", "2011-07-25"),
        # Into the holidays and in them: Saturday the 8th, made up.
        ("2011-09-30 10:00", "2011-10-08 09:00", "2011-10-08"),
        ("2011-10-03 10:00", "2011-10-08 09:00", "2011-10-08"),
        ("2011-12-30 10:00", "2011-12-31 09:00", "2011-12-31"),
        ("2026-02-13 10:00", "2026-02-14 09:00", "2026-02-14"),
        ("2026-02-14 10:00", "2026-02-24 09:00", "2026-02-24"),
    ),
    # What was returned is accepted anew.
    *counted(
        "acceptance",
        "1 wd",
        "H15",
        ("2011-09-30 10:00", "2011-10-08 09:00", "2011-10-08"),
        matters="WT04 WT05",
    ),
    *counted(
        "handling",
        "10 wd",
        "H9",
        # 26 to 29 July are four, 1 to 5 August nine, the 8th ten; the eighth is the 4th.
        ("2011-07-25 10:00", "2011-08-04 09:00", "2011-08-08"),
        # 27 to 30 September are four, 8 to 13 October ten; the eighth is the 11th.
        ("2011-09-26 10:00", "2011-10-11 09:00", "2011-10-13"),
        # 19, 20, 21 January; 29, 30, 31; 1, 2, 3 and 6 February.
        ("2012-01-18 10:00", "2012-02-02 09:00", "2012-02-06"),
        # 28, 29, 30 September; 9, 10, 11 October; 13 to 16.
        ("2025-09-26 10:00", "2025-10-14 09:00", "2025-10-16"),
        # 13 and 14 February; 24 to 28; 2, 3, 4 March.
        ("2026-02-12 10:00", "2026-03-02 09:00", "2026-03-04"),
    ),
    *counted(
        "handling",
        "5 wd",
        "H12",
        ("2011-07-25 10:00", "2011-07-29 09:00", "2011-08-01"),
        # 29 and 30 September; 8, 9, 10 October.
        ("2011-09-28 10:00", "2011-10-09 09:00", "2011-10-10"),
        # 30 April; 6, 7, 8 May and Saturday the 9th, made up.
        ("2026-04-29 10:00", "2026-05-08 09:00", "2026-05-09"),
    ),
    # At once, on whatever day.
    *(
        vector
        for clock in ("booking", "queueing")
        for vector in counted(
            clock,
            "0 h",
            "register",
            ("2011-07-30 10:00", "2011-07-30 10:00", "2011-07-30 10:00"),
            ("2026-02-17 20:15", "2026-02-17 20:15", "2026-02-17 20:15"),
        )
    ),
    # Hours run on nights and holidays; four fifths are 19 hours and 12 minutes.
    *counted(
        "answer",
        "24 h",
        "entry:place_offered",
        ("2011-07-30 16:00", "2011-07-31 11:12", "2011-07-31 16:00"),
        ("2011-09-30 17:30", "2011-10-01 12:42", "2011-10-01 17:30"),
        ("2026-02-14 23:00", "2026-02-15 18:12", "2026-02-15 23:00"),
    ),
    *counted(
        "promotion",
        "0 h",
        "entry:place_answer",
        ("2011-07-31 08:00", "2011-07-31 08:00", "2011-07-31 08:00"),
        record={"place_answer": "accepted"},
    ),
    *counted(
        "refusal",
        "0 h",
        "entry:place_answer",
        ("2011-07-31 08:00", "2011-07-31 08:00", "2011-07-31 08:00"),
        record={"place_answer": "declined"},
    ),
    # 124 hours, four fifths: 99 hours and 12 minutes.
    *counted(
        "waiting",
        "by starts_at",
        "H2",
        ("2011-08-01 10:00", "2011-08-05 13:12", "2011-08-06 14:00"),
        facts=SATURDAY,
    ),
    # 126 hours: 100 hours and 48 minutes.
    *counted(
        "absence",
        "by ends_at",
        "H1",
        ("2011-08-01 10:00", "2011-08-05 14:48", "2011-08-06 16:00"),
        facts=SATURDAY,
    ),
    # In the holidays; 30 hours: 24.
    *counted(
        "absence",
        "by ends_at",
        "H4",
        ("2026-02-20 10:00", "2026-02-21 10:00", "2026-02-21 16:00"),
        facts=FESTIVAL,
    ),
    # 2 hours: 1 hour and 36 minutes.
    *counted(
        "completion",
        "by ends_at",
        "H6",
        ("2011-08-06 14:00", "2011-08-06 15:36", "2011-08-06 16:00"),
        facts=SATURDAY,
    ),
    # Excused afterwards, it is over already.
    *counted(
        "completion",
        "by ends_at",
        "H16",
        ("2011-08-08 09:00", "2011-08-06 16:00", "2011-08-06 16:00"),
        facts=SATURDAY,
    ),
    *counted(
        "write_off",
        "7 d",
        "H7",
        # Friday the 12th; Saturday the 13th, so Monday.
        ("2011-08-06 16:00", "2011-08-12 09:00", "2011-08-15"),
        # 4 and 5 October, off until Saturday the 8th.
        ("2011-09-28 16:00", "2011-10-08 09:00", "2011-10-08"),
        # 17 and 18 February, off until the 24th.
        ("2026-02-11 16:00", "2026-02-24 09:00", "2026-02-24"),
        # From a holiday: Friday the 27th; Saturday the 28th, made up.
        ("2026-02-21 16:00", "2026-02-27 09:00", "2026-02-28"),
        ("2026-05-02 16:00", "2026-05-08 09:00", "2026-05-09"),
    ),
    # 27, 28, 29, 30 September and Saturday 8 October.
    *counted(
        "reopened", "half of 10 wd", "X2", ("2011-09-26 10:00", "2011-09-30 09:00", "2011-10-08")
    ),
    # Half of five days, rounded up, is three: 28, 29, 30 September; 14, 24, 25 February.
    *counted(
        "reopened",
        "half of 5 wd",
        "X2",
        ("2011-09-27 10:00", "2011-09-30 09:00", "2011-09-30"),
        ("2026-02-13 10:00", "2026-02-25 09:00", "2026-02-25"),
    ),
)
