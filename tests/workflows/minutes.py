"""Working time told naively, minute by minute, against which the calendar is held."""

from datetime import date, datetime, timedelta, timezone
from math import ceil

from domain.clock import Unit
from workflows.calendar import YearTable

BEIJING = timezone(timedelta(hours=8))
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
WD, D, WH, H = Unit.WORKING_DAY, Unit.DAY, Unit.WORKING_HOUR, Unit.HOUR


class Walk:
    """The calendar's promises: days of a set, and a foot set on every minute."""

    def __init__(self, tables: list[YearTable]) -> None:
        self.off = {day for table in tables for day in table.holidays}
        self.made_up = {day for table in tables for day in table.workdays}

    def works(self, day: date) -> bool:
        return day in self.made_up or (day.isoweekday() <= 5 and day not in self.off)

    def opened(self, minute: datetime) -> bool:
        """Whether the minute that begins here is worked."""
        return minute.hour in {9, 10, 11, 13, 14, 15, 16} and self.works(minute.date())

    def open_minutes(self, a: datetime, b: datetime) -> int:
        return sum(self.opened(a + MINUTE * n) for n in range((b - a) // MINUTE))

    def due(self, start: datetime, count: int, unit: Unit) -> tuple[datetime, datetime]:
        """The end and the warning, in Beijing time."""
        now, used, warn = start, 0, None
        while True:
            if unit in (WD, D):
                today = now.date()
                if now.hour == now.minute == 0 and today - DAY > start.date():
                    yesterday = self.works(today - DAY)
                    used += yesterday or unit is D
                    if used >= count and yesterday:
                        break
                counted = used + (today > start.date() and (unit is D or self.works(today)))
                opening = now.hour == 9 and now.minute == 0 and self.works(today)
                if warn is None and opening and today > start.date() and counted * 5 >= count * 4:
                    warn = now
            else:
                if warn is None and used * 5 >= count * 60 * 4:
                    warn = now
                if used == count * 60:
                    break
                used += unit is H or self.opened(now)
            now += MINUTE
        assert warn is not None
        return now, warn

    def moved(
        self, due_at: datetime, paused: datetime, until: datetime, unit: Unit
    ) -> tuple[datetime, datetime]:
        if unit is H:
            at = due_at + (until - paused)
            return at, until + (at - until) * 4 / 5
        if unit is WH:
            at, stood = due_at, self.open_minutes(paused, until)
            while stood:
                stood -= self.opened(at)
                at += MINUTE
            warn, used, left = until, 0, self.open_minutes(until, at)
            while used * 5 < left * 4:
                used += self.opened(warn)
                warn += MINUTE
            return at, warn
        last = (due_at - MINUTE).date()
        gone = [paused.date() + DAY * n for n in range(1, (until.date() - paused.date()).days + 1)]
        for day in gone:
            if unit is D or self.works(day):
                last += DAY
                while unit is WD and not self.works(last):
                    last += DAY
        while gone and not (self.works(last) and last >= until.date()):
            last += DAY
        days = (last - until.date()).days
        rest = [until.date() + DAY * n for n in range(1, days + 1)]
        counted = [day for day in rest if unit is D or self.works(day)]
        warn_day = counted[ceil(len(counted) * 4 / 5) - 1] if counted else None
        while warn_day is not None and not self.works(warn_day):
            warn_day += DAY
        at = datetime(last.year, last.month, last.day, tzinfo=BEIJING) + DAY
        if warn_day is None:
            return at, until
        return at, datetime(warn_day.year, warn_day.month, warn_day.day, 9, tzinfo=BEIJING)
