"""Background work of convoys: each task calls one rule."""

from celery import shared_task

from convoys import release


@shared_task
def release_convoys() -> None:
    """Release what is long enough off the road."""
    release.release_due()
