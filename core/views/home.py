"""The way in: the one operation, or the choice among several."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from core import policy
from core.models import Operation
from core.views.doors import opens


@opens("operation.read")
def home(request: Any) -> HttpResponse:
    """Show the reader's operations."""
    operations = policy.filter(request.actor, "operation.read", Operation.objects.all())
    return render(request, "core/home.html", {"operations": operations})
