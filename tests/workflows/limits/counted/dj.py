"""党建群团: its limits, counted by hand.

2011: 1 to 7 October off, 8 and 9 October worked. 2012: 1 to 3 January and 22 to 28 January off,
21 and 29 January worked. 2025: 1 to 8 October off, 28 September and 11 October worked. 2026: 1 to
3 January off, 4 January worked; 15 to 23 February off, 14 and 28 February worked.
"""

from tests.workflows.limits.vectors import counted

VECTORS = (
    *counted(
        "verification",
        "5 wd",
        "A1",
        # Tuesday to Friday are four, Monday the fifth.
        ("2011-07-25 10:00", "2011-07-29 09:00", "2011-08-01"),
        # From Friday: 8, 9, 10, 11, 12 October.
        ("2011-09-30 16:00", "2011-10-11 09:00", "2011-10-12"),
        # From a made-up Saturday: 9 to 13 October.
        ("2011-10-08 10:00", "2011-10-12 09:00", "2011-10-13"),
        # 20, 21, 29, 30, 31 January.
        ("2012-01-19 09:00", "2012-01-30 09:00", "2012-01-31"),
        # 28, 29, 30 September, 9, 10 October.
        ("2025-09-26 09:00", "2025-10-09 09:00", "2025-10-10"),
        # 14, 24, 25, 26, 27 February.
        ("2026-02-13 09:00", "2026-02-26 09:00", "2026-02-27"),
    ),
    # A day that somebody names is not moved. 90 days and 14 hours, four fifths of which are 72
    # days, 11 hours and 12 minutes: from 5 October, ten o'clock.
    *counted(
        "letter",
        "by valid_until",
        "A5",
        ("2011-07-25 10:00", "2011-10-05 21:12", "2011-10-23"),
        record={"valid_until": "2011-10-23"},
    ),
    # 68 days and 15 hours, four fifths: 54 days, 21 hours and 36 minutes.
    *counted(
        "letter",
        "by valid_until",
        "A9",
        ("2011-10-24 09:00", "2011-12-18 06:36", "2011-12-31"),
        record={"valid_until": "2011-12-31"},
    ),
    # In the holidays; 7 days and 14 hours, four fifths: 6 days, 1 hour and 36 minutes.
    *counted(
        "letter",
        "by valid_until",
        "A5",
        ("2026-02-09 10:00", "2026-02-15 11:36", "2026-02-16"),
        record={"valid_until": "2026-02-16"},
    ),
    *counted(
        "claiming",
        "7 d",
        "register",
        # The sixth day is a Monday.
        ("2011-07-26 10:00", "2011-08-01 09:00", "2011-08-02"),
        # The sixth is a Sunday and warns on the Monday, which is the seventh.
        ("2011-07-25 10:00", "2011-08-01 09:00", "2011-08-01"),
        # 3 and 4 October, both off until Saturday the 8th.
        ("2011-09-27 09:00", "2011-10-08 09:00", "2011-10-08"),
        # 24 and 25 January, both off until Sunday the 29th.
        ("2012-01-18 09:00", "2012-01-29 09:00", "2012-01-29"),
        # Friday the 10th; Saturday the 11th, made up.
        ("2025-10-04 10:00", "2025-10-10 09:00", "2025-10-11"),
        ("2026-02-07 10:00", "2026-02-13 09:00", "2026-02-14"),
    ),
    # Given up by its helper, a wish waits for another as long.
    *counted("claiming", "7 d", "A12", ("2011-09-27 09:00", "2011-10-08 09:00", "2011-10-08")),
    *counted(
        "helping",
        "30 d",
        "A2",
        # 6 days to the end of July; the 24th is 18 August, the 30th the 24th.
        ("2011-07-25 10:00", "2011-08-18 09:00", "2011-08-24"),
        # 25 days to the end of September: the 29th of it, and 5 October, off until the 8th.
        ("2011-09-05 10:00", "2011-09-29 09:00", "2011-10-08"),
        # 28 days to the end of December: Saturday the 27th, so Monday; 2 January, off until
        # Sunday the 4th, made up.
        ("2025-12-03 10:00", "2025-12-29 09:00", "2026-01-04"),
        # 10 days to the end of January: the made-up 14 February; the 20th, off until the 24th.
        ("2026-01-21 10:00", "2026-02-14 09:00", "2026-02-24"),
    ),
    # Half of five days, rounded up, is three: 8, 9, 10 October; 14, 24, 25 February.
    *counted(
        "reopened",
        "half of 5 wd",
        "X2",
        ("2011-09-30 10:00", "2011-10-10 09:00", "2011-10-10"),
        ("2026-02-13 10:00", "2026-02-25 09:00", "2026-02-25"),
    ),
    # Half of thirty: Saturday 13 August, so Monday, and the 16th; 17 and 20 February, off until
    # the 24th.
    *counted(
        "reopened",
        "half of 30 d",
        "X2",
        ("2011-08-01 10:00", "2011-08-15 09:00", "2011-08-16"),
        ("2026-02-05 10:00", "2026-02-24 09:00", "2026-02-24"),
    ),
)
