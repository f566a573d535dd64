"""What the field client asks of convoys: what is to be received, and the receipts."""

from django.urls import path

from convoys.views import field

urlpatterns = [
    path("waybills", field.waybills, name="field_waybills"),
    path("waybills/<uuid:pk>/receipts", field.receive, name="field_receive"),
]
