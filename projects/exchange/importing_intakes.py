"""Every kind of row that can be brought in, by what staff choose on the page."""

from projects.exchange.importing_kinds import Agencies, Indicators, Innovations, Intake
from projects.exchange.importing_projects import Projects
from projects.exchange.importing_readings import Readings
from projects.exchange.importing_resolutions import Resolutions
from projects.models import ImportTable

INTAKES: dict[str, type[Intake]] = {
    ImportTable.PROJECTS: Projects,
    ImportTable.AGENCIES: Agencies,
    ImportTable.INDICATORS: Indicators,
    ImportTable.READINGS: Readings,
    ImportTable.INNOVATIONS: Innovations,
    ImportTable.RESOLUTIONS: Resolutions,
}
"""What each kind of file is brought in by."""
