"""How an assignment stands, in the words for whoever reads: what an agency objects to is between it and staff."""

from projects.models import AssignmentState

BETWEEN_US = (AssignmentState.MORE_TIME, AssignmentState.CONTESTED)
"""States that outsiders cannot tell from what is open."""


def label_for(state: str, *, staff: bool = False) -> str:
    """The state in words; "" where there is none."""
    if state in BETWEEN_US and not staff:
        state = AssignmentState.OPEN
    return str(AssignmentState(state).label) if state else ""
