"""REST routes of convoys."""

from django.urls import path

from convoys.api import carriage, views

urlpatterns = [
    path("convoys/", views.ConvoysView.as_view(), name="api-convoys"),
    path("claims/", views.ClaimsView.as_view(), name="api-claims"),
    path("waybills/", carriage.WaybillsView.as_view(), name="api-waybills"),
    path("receipts/", carriage.ReceiptsView.as_view(), name="api-receipts"),
    path("deliveries/", carriage.DeliveriesView.as_view(), name="api-deliveries"),
    path("ledger/", carriage.LedgerView.as_view(), name="api-ledger"),
]
