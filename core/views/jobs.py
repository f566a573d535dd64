"""Jobs: what works in the background, how far it is, and a second try for what failed."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from core import jobs as ledger
from core import policy
from core.models import Job
from core.paging import page
from core.views.doors import MemberRequest, opens

OPEN = (Job.State.QUEUED, Job.State.RUNNING)


def readable(request: Any) -> QuerySet[Job]:
    """Return the operation's jobs that the reader may see."""
    found = policy.filter(
        request.actor, "job.read", Job.objects.filter(operation=request.operation)
    )
    return found.select_related("created_by")


@opens("job.read")
def jobs(request: MemberRequest) -> HttpResponse:
    """List jobs, newest first; the page polls while something is under way."""
    found = readable(request)
    state, text = request.GET.get("state", ""), request.GET.get("q", "").strip()
    if state in Job.State.values:
        found = found.filter(state=state)
    if text:
        person = Q(created_by__name__icontains=text) | Q(created_by__username__icontains=text)
        found = found.filter(Q(title__icontains=text) | person)
    listed = page(request, found, field="created_at", descending=True)
    context = {
        "page": listed,
        "states": Job.State.choices,
        "state": state,
        "q": text,
        "open": readable(request).filter(state__in=OPEN).count(),
        "polls": any(job.state in OPEN for job in listed.rows),
    }
    return render(request, "core/jobs.html", context)


@opens("job.read")
def job(request: MemberRequest, pk: Any) -> HttpResponse:
    """Show one job with its attempts, error and result."""
    one = policy.get(request.actor, "job.read", readable(request), pk=pk)
    return render(request, "core/job.html", {"job": one})


@opens("job.retry")
@require_POST
def job_retry(request: MemberRequest, pk: Any) -> HttpResponse:
    """Start a failed job again."""
    one = policy.get(request.actor, "job.retry", readable(request), pk=pk)
    ledger.retry(one)
    return redirect("job", request.operation.slug, pk)


@opens("job.read")
def job_progress(request: Any, pk: Any) -> HttpResponse:
    """Answer a page that waits: the bar while it runs, then the way to the result."""
    one = policy.get(request.actor, "job.read", Job.objects.all(), pk=pk)
    onward = request.GET.get("next", "")
    hosts = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(onward, hosts, require_https=request.is_secure())
    response = render(request, "parts/progress.html", {"job": one, "next": onward if safe else ""})
    if one.state == Job.State.DONE and safe:
        response["HX-Redirect"] = onward
    elif one.state not in OPEN and not safe:
        response["HX-Refresh"] = "true"
    return response
