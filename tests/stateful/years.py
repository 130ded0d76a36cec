"""The working calendar of the years that lives by chance may reach."""

from adapters import calendars
from tests.builders.affairs import FRIDAY
from workflows.calendar import WorkingCalendar

CALENDAR = WorkingCalendar.of(calendars.seed(range(2011, 2021), by="SYS", occurred_at=FRIDAY))
