"""A case with its stages, pauses and transfers."""

from appointments.cases.models.case import AcceptedAs, Case, CaseMaterial, CaseState, Outcome, Source
from appointments.cases.models.stages import CasePause, CaseStage, CaseStep, CaseTransfer, Level

__all__ = [
    "AcceptedAs",
    "Case",
    "CaseMaterial",
    "CasePause",
    "CaseStage",
    "CaseState",
    "CaseStep",
    "CaseTransfer",
    "Level",
    "Outcome",
    "Source",
]
