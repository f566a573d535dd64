"""REST: the photos and the signature of a receipt; sent one by one, each as often as need be."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser

from convoys import receiving, written
from convoys.models import Receipt
from core import policy
from core.api.base import ApiView, Request, conditional
from core.errors import Problem
from core.views.files import inert

PICTURES = inline_serializer(
    "ReceiptPictures",
    {
        "pictures": inline_serializer(
            "ReceiptPicture",
            {
                "name": serializers.CharField(),
                "kind": serializers.CharField(),
                "sha256": serializers.CharField(help_text="of the bytes as they were sent"),
                "size": serializers.IntegerField(help_text="of what is kept, in bytes"),
                "url": serializers.URLField(),
            },
            many=True,
        ),
        "missing": serializers.ListField(child=serializers.CharField()),
    },
)


def _receipt(request: Request, pk: Any) -> Receipt:
    every = Receipt.objects.select_related("waybill", "operation")
    return policy.get(request.actor, "receipt.read", every, pk=pk)


def described(request: Request, one: Receipt) -> dict[str, Any]:
    """Return the pictures that are here, and the names of those that the receipt still lacks."""
    return {
        "pictures": [
            {
                "name": picture.name,
                "kind": picture.kind,
                "sha256": picture.sha256,
                "size": picture.size,
                "url": request.build_absolute_uri(
                    reverse("api-picture", args=(one.pk, picture.name))
                ),
            }
            for picture in one.photos.all()
        ],
        "missing": written.missing_pictures(one),
    }


class PicturesView(ApiView):
    """The pictures of one receipt."""

    verb = "receipt.read"
    parser_classes = (MultiPartParser,)

    @extend_schema(operation_id="receipts_pictures_list", responses=PICTURES)
    def get(self, request: Request, pk: Any) -> HttpResponse:
        """List them."""
        return conditional(request, described(request, _receipt(request, pk)))

    @extend_schema(request={"multipart/form-data": OpenApiTypes.OBJECT}, responses={201: PICTURES})
    def post(self, request: Request, pk: Any) -> HttpResponse:
        """Send pictures as parts by the names that the receipt gives; again changes nothing."""
        one = _receipt(request, pk)
        files = []
        for name, uploads in request.FILES.lists():
            uploads[0].name = name
            files.append(uploads[0])
        receiving.complete(one, actor=request.actor, files=files)
        return JsonResponse(described(request, one), status=201)


class PictureView(ApiView):
    """One picture of a receipt."""

    verb = "receipt.read"

    @extend_schema(responses={(200, "image/*"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: Any, name: str) -> HttpResponseBase:
        """Fetch it."""
        picture = _receipt(request, pk).photos.filter(name=name).first()
        if picture is None:
            raise Problem("not_found")
        return inert(picture.file.open("rb"), picture.name, picture.content_type)
