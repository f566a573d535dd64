"""Convoys' pages."""

from django.urls import path

from convoys.views import cargo, catalogue, delegates, papers, reconstructing, reported, runs
from core.views.table_imports import template, upload

urlpatterns = [
    path("o/<slug:slug>/convoys/", reported.convoys, name="convoys"),
    path("o/<slug:slug>/convoys/new/", reported.convoy_new, name="convoy_new"),
    path("o/<slug:slug>/convoys/<int:pk>/", reported.convoy, name="convoy"),
    path(
        "o/<slug:slug>/convoys/<int:pk>/reconstruct/",
        reconstructing.waybill_reconstruct,
        name="waybill_reconstruct",
    ),
    path("o/<slug:slug>/convoys/plan/", runs.run_new, name="run_new"),
    path("o/<slug:slug>/convoys/closes/", runs.closes, name="closes"),
    path("o/<slug:slug>/convoys/delegates/", delegates.delegates, name="delegates"),
    path("o/<slug:slug>/convoys/delegates/new/", delegates.delegate_new, name="delegate_new"),
    path(
        "o/<slug:slug>/convoys/delegates/<int:pk>/end/",
        delegates.delegate_end,
        name="delegate_end",
    ),
    path("o/<slug:slug>/runs/<int:pk>/do/<slug:action>/", runs.run_act, name="run_act"),
    path("o/<slug:slug>/runs/<int:pk>/<slug:tab>/", runs.run, name="run"),
    path("o/<slug:slug>/waybills/<uuid:pk>/", runs.waybill, name="waybill"),
    path("o/<slug:slug>/waybills/<uuid:pk>/print/", papers.waybill_print, name="waybill_print"),
    path("o/<slug:slug>/waybills/<uuid:pk>/pdf/", papers.waybill_file, name="waybill_file"),
    path("o/<slug:slug>/receipts/<uuid:pk>/", runs.receipt, name="receipt"),
    path("o/<slug:slug>/receipts/<uuid:pk>/print/", papers.receipt_print, name="receipt_print"),
    path("o/<slug:slug>/receipts/<uuid:pk>/pdf/", papers.receipt_file, name="receipt_file"),
    path(
        "o/<slug:slug>/receipts/<uuid:pk>/pictures/<str:name>",
        papers.receipt_picture,
        name="receipt_picture",
    ),
    path("o/<slug:slug>/cargo/", catalogue.stock_list, name="stock"),
    path("o/<slug:slug>/cargo/new/", catalogue.stock_new, name="stock_new"),
    path("o/<slug:slug>/cargo/stock/import/", upload("stock", "cargo.plan"), name="stock_import"),
    path(
        "o/<slug:slug>/cargo/stock/import/empty.csv",
        template("stock", "cargo.plan"),
        name="stock_template",
    ),
    path("o/<slug:slug>/cargo/lots/<uuid:pk>/", catalogue.stock_lot, name="stock_lot"),
    path("o/<slug:slug>/cargo/lots/<uuid:pk>/count/", catalogue.stock_count, name="stock_count"),
    path("o/<slug:slug>/cargo/items/", catalogue.items, name="items"),
    path("o/<slug:slug>/cargo/items/new/", catalogue.item_new, name="item_new"),
    path("o/<slug:slug>/cargo/items/<int:pk>/", catalogue.item_edit, name="item_edit"),
    path("o/<slug:slug>/cargo/items/<int:pk>/retire/", catalogue.item_retire, name="item_retire"),
    path("o/<slug:slug>/cargo/items/import/", upload("items", "item.manage"), name="items_import"),
    path(
        "o/<slug:slug>/cargo/items/import/empty.csv",
        template("items", "item.manage"),
        name="items_template",
    ),
    path("o/<slug:slug>/cargo/requests/", cargo.requests, name="service_requests"),
    path("o/<slug:slug>/cargo/requests/new/", cargo.request_new, name="request_new"),
    path("o/<slug:slug>/cargo/requests/<uuid:pk>/", cargo.service_request, name="service_request"),
    path(
        "o/<slug:slug>/cargo/requests/<uuid:pk>/do/<slug:step>/",
        cargo.request_move,
        name="request_move",
    ),
    path("o/<slug:slug>/cargo/consignments/", cargo.consignments, name="consignments"),
    path("o/<slug:slug>/cargo/consignments/new/", cargo.consignment_new, name="consignment_new"),
    path("o/<slug:slug>/cargo/consignments/<uuid:pk>/", cargo.consignment, name="consignment"),
    path("o/<slug:slug>/cargo/consignments/<uuid:pk>/add/", cargo.line_new, name="line_new"),
    path("o/<slug:slug>/cargo/consignments/<uuid:pk>/pick/", cargo.line_pick, name="line_pick"),
    path(
        "o/<slug:slug>/cargo/consignments/<uuid:pk>/withdraw/",
        cargo.line_withdraw,
        name="line_withdraw",
    ),
    path("o/<slug:slug>/cargo/import/", upload("packing", "cargo.plan"), name="packing_import"),
    path(
        "o/<slug:slug>/cargo/import/empty.csv",
        template("packing", "cargo.plan"),
        name="packing_template",
    ),
    path("o/<slug:slug>/cargo/vehicles/", cargo.vehicles, name="vehicles"),
    path("o/<slug:slug>/cargo/vehicles/new/", cargo.vehicle_new, name="vehicle_new"),
    path("o/<slug:slug>/cargo/vehicles/<uuid:pk>/", cargo.vehicle_edit, name="vehicle_edit"),
    path("o/<slug:slug>/cargo/drivers/new/", cargo.driver_new, name="driver_new"),
    path("o/<slug:slug>/claims/import/", upload("claims", "convoy.report"), name="claims_import"),
    path(
        "o/<slug:slug>/claims/import/empty.csv",
        template("claims", "convoy.report"),
        name="claims_template",
    ),
    path("o/<slug:slug>/claims/new/", reported.claim_new, name="claim_new"),
    path("o/<slug:slug>/claims/<uuid:pk>/adopt/", reported.claim_adopt, name="claim_adopt"),
    path(
        "o/<slug:slug>/claims/<uuid:pk>/withdraw/", reported.claim_withdraw, name="claim_withdraw"
    ),
]
