"""REST routes of convoys."""

from django.urls import path

from convoys.api import carriage, pictures, runs, views

urlpatterns = [
    path("convoys/", views.ConvoysView.as_view(), name="api-convoys"),
    path("convoys/<int:key>/gate/", runs.GateView.as_view(), name="api-gate"),
    path("convoys/<int:key>/steps/", runs.StepsView.as_view(), name="api-steps"),
    path("convoys/<int:key>/dispatch/", runs.DispatchView.as_view(), name="api-dispatch"),
    path("convoys/<int:key>/events/", runs.EventsView.as_view(), name="api-events"),
    path("claims/", views.ClaimsView.as_view(), name="api-claims"),
    path("waybills/", carriage.WaybillsView.as_view(), name="api-waybills"),
    path("receipts/", carriage.ReceiptsView.as_view(), name="api-receipts"),
    path("receipts/<uuid:pk>/pictures/", pictures.PicturesView.as_view(), name="api-pictures"),
    path(
        "receipts/<uuid:pk>/pictures/<str:name>",
        pictures.PictureView.as_view(),
        name="api-picture",
    ),
    path("deliveries/", carriage.DeliveriesView.as_view(), name="api-deliveries"),
    path("ledger/", carriage.LedgerView.as_view(), name="api-ledger"),
    path("transit-events/", carriage.TransitEventsView.as_view(), name="api-transit-events"),
]
