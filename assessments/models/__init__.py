"""Assessments, their forms, and what people answered."""

from assessments.models.assessments import (
    Assessment,
    AssessmentArea,
    AssessmentOrganisation,
    Condition,
)
from assessments.models.assignments import Assignment
from assessments.models.devices import AppUser, Device, RecordImport
from assessments.models.entities import Entity, EntityList, EntityNote
from assessments.models.forms import Choice, Form, FormAttachment, FormVersion, Question
from assessments.models.handover import Handover
from assessments.models.review import ReviewDecision
from assessments.models.submissions import (
    RepeatRow,
    Submission,
    SubmissionConflict,
    SubmissionEdit,
    SubmissionFile,
)

__all__ = [
    "AppUser",
    "Assessment",
    "AssessmentArea",
    "AssessmentOrganisation",
    "Assignment",
    "Choice",
    "Condition",
    "Device",
    "Entity",
    "EntityList",
    "EntityNote",
    "Form",
    "FormAttachment",
    "FormVersion",
    "Handover",
    "Question",
    "RecordImport",
    "RepeatRow",
    "ReviewDecision",
    "Submission",
    "SubmissionConflict",
    "SubmissionEdit",
    "SubmissionFile",
]
