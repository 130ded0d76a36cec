"""卫生健康与计划生育, of 2011 and of today: its limits, counted by hand.

2011: 12 September off; 1 to 7 October off, 8 and 9 October worked; 31 December worked. 2012: 1 to
3 January off. 2025: 1 to 8 October off, 28 September and 11 October worked. 2026: 15 to 23
February off, 14 and 28 February worked.
"""

from tests.workflows.limits.vectors import counted

VECTORS = (
    # 15 hours until midnight, four fifths: 12.
    *counted(
        "on_the_spot",
        "0 d",
        "register",
        ("2011-08-01 09:00", "2011-08-01 21:00", "2011-08-01"),
        ("2011-10-01 09:00", "2011-10-01 21:00", "2011-10-01"),
        ("2026-02-17 09:00", "2026-02-17 21:00", "2026-02-17"),
    ),
    *counted(
        "check_sent",
        "7 wd",
        "register",
        # To Friday the 5th four; 8, 9, 10 August.
        ("2011-08-01 09:00", "2011-08-09 09:00", "2011-08-10"),
        # 29 and 30 September; 8 to 12 October.
        ("2011-09-28 09:00", "2011-10-11 09:00", "2011-10-12"),
        # 28, 29, 30 September; 9, 10, 11, 13 October.
        ("2025-09-26 09:00", "2025-10-11 09:00", "2025-10-13"),
        matters="JS01",
        record={"other_domicile": True},
    ),
    *counted(
        "check_sent",
        "7 wd",
        "register",
        ("2011-09-28 09:00", "2011-10-11 09:00", "2011-10-12"),
        matters="JS04",
    ),
    *counted(
        "check_answered",
        "15 wd",
        "D2",
        # To 5, 12 and 19 August two, seven and twelve.
        ("2011-08-03 09:00", "2011-08-19 09:00", "2011-08-24"),
        # To 31 December six; 4, 5, 6 January; to the 13th fourteen.
        ("2011-12-23 09:00", "2012-01-11 09:00", "2012-01-16"),
        # 14 February; 24 to 28 are six; to 6 March eleven.
        ("2026-02-13 09:00", "2026-03-09 09:00", "2026-03-12"),
    ),
    *counted(
        "commitment_check",
        "20 wd",
        "D3",
        # To 5, 12, 19, 26 August four, nine, fourteen, nineteen.
        ("2011-08-01 09:00", "2011-08-23 09:00", "2011-08-29"),
        # To 28 February six, to 6 and 13 March eleven and sixteen.
        ("2026-02-13 09:00", "2026-03-13 09:00", "2026-03-19"),
    ),
    *counted(
        "notice",
        "7 d",
        "D10",
        ("2011-08-03 09:00", "2011-08-09 09:00", "2011-08-10"),
        # 2 and 3 October, off until the 8th.
        ("2011-09-26 09:00", "2011-10-08 09:00", "2011-10-08"),
        ("2026-02-10 09:00", "2026-02-24 09:00", "2026-02-24"),
    ),
    *counted(
        "total",
        "30 wd",
        "D9",
        # To 2 September 24, to the 9th 29; the 12th off.
        ("2011-08-01 09:00", "2011-09-02 09:00", "2011-09-13"),
        # To 26 September 19; 28, 29, 30; 9, 10, 11 October are 25; to the 17th 30.
        ("2025-09-01 09:00", "2025-10-10 09:00", "2025-10-17"),
    ),
    *counted(
        "reopened",
        "half of 30 wd",
        "X2",
        # To 19 and 26 August and 2 September four, nine, fourteen.
        ("2011-08-15 09:00", "2011-08-31 09:00", "2011-09-05"),
        # To 19 and 26 September four and nine; 28, 29, 30; 9, 10 and Saturday 11 October.
        ("2025-09-15 09:00", "2025-09-30 09:00", "2025-10-11"),
    ),
    *counted(
        "reopened",
        "3 wd",
        "X2",
        ("2011-08-15 09:00", "2011-08-18 09:00", "2011-08-18"),
        # 14, 24, 25 February.
        ("2026-02-13 09:00", "2026-02-25 09:00", "2026-02-25"),
    ),
)
