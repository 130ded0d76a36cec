"""养老助老与残疾人服务: its limits, counted by hand.

2011: 10 to 12 September off; 1 to 7 October off, 8 and 9 October worked. 2012: 22 to 28 January
off, 21 and 29 January worked; 29 February; 30 September to 7 October off. 2025: 1 to 8 October
off, 28 September and 11 October worked. 2026: 15 to 23 February off, 14 and 28 February worked.
"""

from tests.workflows.limits.vectors import counted

TEN = (
    # 26 to 29 July are four, 1 to 5 August nine, the 8th ten; the eighth is the 4th.
    ("2011-07-25 10:00", "2011-08-04 09:00", "2011-08-08"),
    # 1, 2 September; 5 to 9 are seven; 13, 14, 15: the eighth is the 13th.
    ("2011-08-31 10:00", "2011-09-13 09:00", "2011-09-15"),
    # 27 to 30 September are four, 8 to 13 October ten; the eighth is the 11th.
    ("2011-09-26 10:00", "2011-10-11 09:00", "2011-10-13"),
    # 19, 20, 21 January; 29, 30, 31; 1, 2, 3 and 6 February.
    ("2012-01-18 10:00", "2012-02-02 09:00", "2012-02-06"),
    # 28, 29, 30 September; 9, 10, 11 October; 13 to 16.
    ("2025-09-26 10:00", "2025-10-14 09:00", "2025-10-16"),
    # 13 and 14 February; 24 to 28; 2, 3, 4 March.
    ("2026-02-12 10:00", "2026-03-02 09:00", "2026-03-04"),
)

VECTORS = (
    *counted("assessment", "10 wd", "K3", *TEN),
    *counted("assessment", "10 wd", "K6", TEN[2]),
    *counted("assessment", "10 wd", "K13", TEN[2]),
    *counted("assessment", "10 wd", "K18", TEN[0], TEN[5], matters="YL01 YL05"),
    *counted(
        "notice",
        "7 d",
        "K5",
        ("2011-08-03 10:00", "2011-08-09 09:00", "2011-08-10"),
        # The seventh day is Saturday the 13th, so Monday.
        ("2011-08-06 10:00", "2011-08-12 09:00", "2011-08-15"),
        # 2 and 3 October, off until Saturday the 8th.
        ("2011-09-26 10:00", "2011-10-08 09:00", "2011-10-08"),
        # Friday the 13th; Saturday the 14th, made up.
        ("2026-02-07 10:00", "2026-02-13 09:00", "2026-02-14"),
        # 16 and 17 February, off until the 24th.
        ("2026-02-10 10:00", "2026-02-24 09:00", "2026-02-24"),
    ),
    *counted("approval", "10 wd", "K7", *TEN, matters="YL01 YL03 YL05"),
    *counted("approval", "10 wd", "K4", *TEN, matters="YL02 YL04"),
    *counted("first_service", "10 wd", "K11", *TEN),
    *counted("first_service", "10 wd", "K17", TEN[2]),
    *counted(
        "reassessment",
        "365 d",
        "K12",
        # To the end of a month: August 30, September 60, October 91, November 121, December 152,
        # January 183, February 212, March 243, April 273, May 304, June 334, July 365. The 292nd
        # is Saturday 19 May, so Monday.
        ("2011-08-01 10:00", "2012-05-21 09:00", "2012-07-31"),
        # October 30, and so on to August 335, September 365: its last day, off until 8 October.
        # The 292nd: June 273, so 19 July.
        ("2011-10-01 10:00", "2012-07-19 09:00", "2012-10-08"),
        # February 10, to January 347: 18 February, off until the 24th. The 292nd: November 285,
        # so Sunday 7 December, so Monday.
        ("2025-02-18 10:00", "2025-12-08 09:00", "2026-02-24"),
    ),
    *counted(
        "reassessment", "365 d", "K19", ("2011-08-01 10:00", "2012-05-21 09:00", "2012-07-31")
    ),
    *counted(
        "reassessment_owed",
        "0 h",
        "K16",
        ("2012-08-10 10:00", "2012-08-10 10:00", "2012-08-10 10:00"),
        expired="reassessment",
    ),
    *counted(
        "pausing",
        "90 d",
        "K15",
        # July 6, August 37, September 67: 5 October, off until the 8th; Sunday 23, so Monday.
        ("2011-07-25 10:00", "2011-10-08 09:00", "2011-10-24"),
        # August 21, September 51, October 82: Friday 21 October, Tuesday 8 November.
        ("2011-08-10 10:00", "2011-10-21 09:00", "2011-11-08"),
        # November 10, December 41, January 72: Saturday the 31st, so Monday; 18 February, off
        # until the 24th.
        ("2025-11-20 10:00", "2026-02-02 09:00", "2026-02-24"),
        # November 14, December 45, January 76: Tuesday the 27th; Saturday the 14th, made up.
        ("2025-11-16 10:00", "2026-01-27 09:00", "2026-02-14"),
    ),
    # Five working days, half of ten: 27, 28, 29, 30 September and Saturday 8 October; 14, 24, 25,
    # 26, 27 February.
    *counted(
        "reopened",
        "half of 10 wd",
        "X2",
        ("2011-09-26 10:00", "2011-09-30 09:00", "2011-10-08"),
        ("2026-02-13 10:00", "2026-02-26 09:00", "2026-02-27"),
    ),
)
