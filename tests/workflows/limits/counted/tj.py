"""人民调解与法律服务, of 2011 and of today: its limits, counted by hand.

2011: 1 to 7 October off, 8 and 9 October worked. 2026: 15 to 23 February off, 14 and 28 February
worked; 4 to 6 April off.
"""

from tests.workflows.limits.vectors import counted

THIRTY = (
    # Sunday 28 August, so Monday; Saturday 3 September, so Monday.
    ("2011-08-04 10:00", "2011-08-29 09:00", "2011-09-05"),
    # 5 October, off until the 8th.
    ("2011-09-05 10:00", "2011-09-29 09:00", "2011-10-08"),
    # 5 April, off until the 7th.
    ("2026-03-06 10:00", "2026-03-30 09:00", "2026-04-07"),
)
NOW = THIRTY[2:]

VECTORS = (
    *counted("mediation", "30 d", "F2", *THIRTY),
    *counted("mediation", "30 d", "F14", *THIRTY),
    *counted("mediation", "30 d", "F16", *THIRTY),
    *counted("confirmation_window", "30 d", "F6", *THIRTY),
    # Sunday the 21st, so Monday: four fifths of three days are three.
    *counted(
        "court_acceptance", "3 d", "F11", ("2011-08-18 09:00", "2011-08-22 09:00", "2011-08-22")
    ),
    # Wednesday the 17th; Saturday the 20th, so Monday.
    *counted(
        "court_decision",
        "15 d",
        "entry:court_accepted",
        ("2011-08-05 15:00", "2011-08-17 09:00", "2011-08-22"),
    ),
    # From that Monday: 30 August, 1 September.
    *counted(
        "court_decision",
        "10 d more",
        "entry:court_accepted",
        ("2011-08-05 15:00", "2011-08-30 09:00", "2011-09-01"),
        more=10,
    ),
    *counted("court_decision", "30 d", "F11", *NOW),
    *counted("court_decision", "30 d", "entry:court_accepted", *NOW),
    # Saturday, named and not moved. 33 days and 14 hours, four fifths: 26 days, 20 hours and 48
    # minutes.
    *counted(
        "performance",
        "by perform_by",
        "F10",
        ("2011-08-29 10:00", "2011-09-25 06:48", "2011-10-01"),
        record={"perform_by": "2011-10-01"},
    ),
    # 278 hours, four fifths: 9 days, 6 hours and 24 minutes.
    *counted(
        "performance",
        "by perform_by",
        "F12",
        ("2026-02-09 10:00", "2026-02-18 16:24", "2026-02-20"),
        record={"perform_by": "2026-02-20"},
    ),
    # Fifteen days: Monday the 22nd, the 25th; 17 and 20 February, off until the 24th.
    *counted(
        "reopened",
        "half of 30 d",
        "X2",
        ("2011-08-10 11:00", "2011-08-22 09:00", "2011-08-25"),
        ("2026-02-05 11:00", "2026-02-24 09:00", "2026-02-24"),
    ),
)
