"""Inter-agency assessments: their life cycle, forms, submissions and review."""
