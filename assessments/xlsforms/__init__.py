"""From an uploaded questionnaire to an XForm, its questions, and a report that a person can use."""
