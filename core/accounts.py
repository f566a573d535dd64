"""How accounts come to be: by invitation only, never by open sign-up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class InvitationOnlyAdapter(DefaultAccountAdapter):
    """Closes allauth's sign-up page; an invitation link makes accounts."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
