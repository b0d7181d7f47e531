"""The team's working calendar: public holidays, make-up days, and the company's own days."""

from __future__ import annotations

from domain.calendar import CompanyDay, HolidaySource, WorkingCalendar
from domain.people import Workspace
from storage.uow import UnitOfWork


def working_calendar(
    uow: UnitOfWork, workspace: Workspace, holidays: HolidaySource
) -> WorkingCalendar:
    """The calendar of a workspace's country with the company days that its administrators added."""
    days = uow.company_days.all().items()
    company = tuple(CompanyDay(day, working, name) for day, (working, name) in days)
    weekend = holidays.weekend(workspace.country)
    return WorkingCalendar(workspace.country, holidays, company, weekend)
