"""Limits counted the slow way: a day, or a minute of work, after another (民法典 第二百零一条).

Written from the domain reference alone, and from the list of days worked that was announced.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import chinese_calendar

from domain.clock import SHANGHAI

DAY = timedelta(days=1)
SHIFTS = ((time(9), time(12)), (time(13), time(17)))


def worked(day: date) -> bool:
    """Whether people work on that day."""
    return bool(chinese_calendar.is_workday(day))


def midnight_after(day: date) -> datetime:
    """The end of a day: the first instant that is late."""
    return datetime.combine(day + DAY, time(), SHANGHAI)


def day_of(at: datetime) -> date:
    """The day in Shanghai."""
    return at.astimezone(SHANGHAI).date()


def last_day(due: datetime) -> date:
    """The last day of a limit that ends at midnight."""
    return day_of(due - timedelta(seconds=1))


def later_working_day(day: date, count: int) -> date:
    """The count-th working day after a day."""
    while count:
        day += DAY
        count -= worked(day)
    return day


def working_days(count: int, start: datetime) -> datetime:
    """The starting day is left out; the last one ends at midnight."""
    return midnight_after(later_working_day(day_of(start), count))


def days(count: int, start: datetime) -> datetime:
    """Days of the calendar; where the last one is not worked, the next that is."""
    day = day_of(start) + count * DAY
    return midnight_after(day if worked(day) else later_working_day(day, 1))


def working_hours(count: int, start: datetime) -> datetime:
    """Hours of work, nine to twelve and one to five."""
    left, day = timedelta(hours=count), day_of(start)
    while True:
        for opens, closes in SHIFTS if worked(day) else ():
            begins = max(start, datetime.combine(day, opens, SHANGHAI))
            ends = datetime.combine(day, closes, SHANGHAI)
            if begins < ends:
                if left <= ends - begins:
                    return begins + left
                left -= ends - begins
        day += DAY


def worked_between(start: datetime, end: datetime) -> int:
    """Working days after the one up to and with the other."""
    day, last, count = day_of(start), day_of(end), 0
    while day < last:
        day += DAY
        count += worked(day)
    return count
