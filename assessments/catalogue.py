"""What intake must know of a form version: types, repeats, tags and labels, read once."""

from dataclasses import dataclass
from functools import lru_cache

from assessments.models import Choice, FormVersion, Question
from core.media import Wishes

IMMUTABLE = {FormVersion.State.PUBLISHED, FormVersion.State.SUPERSEDED}


@dataclass(frozen=True)
class Catalogue:
    """A version's questions by path, the labels of its choices by list and value, its photos."""

    kinds: dict[str, str]
    tags: dict[str, str]
    lists: dict[str, str]
    labels: dict[tuple[str, str], str]
    photos: dict[str, Wishes]


def of(version: FormVersion) -> Catalogue:
    """Return the catalogue of a version; one that can no longer change is kept in memory."""
    if version.state in IMMUTABLE:
        return _kept(version.pk, version.xform_hash)
    return _read(version.pk)


@lru_cache(maxsize=32)
def _kept(version_id: int, xform_hash: str) -> Catalogue:
    return _read(version_id)


def _read(version_id: int) -> Catalogue:
    kinds: dict[str, str] = {}
    tags: dict[str, str] = {}
    lists: dict[str, str] = {}
    photos: dict[str, Wishes] = {}
    columns = ("path", "kind", "hxl", "choice_list", "max_pixels", "keeps_place")
    questions = Question.objects.filter(version=version_id).values_list(*columns)
    for path, kind, hxl, choice_list, max_pixels, keeps_place in questions:
        kinds[path] = kind
        if hxl:
            tags[path] = hxl
        if choice_list:
            lists[path] = choice_list
        if max_pixels or keeps_place:
            photos[path] = Wishes(max_pixels, keeps_place)
    choices = Choice.objects.filter(version=version_id).values_list("list_name", "value", "labels")
    labels = {
        (name, value): " ".join(dict.fromkeys(str(one) for one in said.values() if one))
        for name, value, said in choices
    }
    return Catalogue(kinds, tags, lists, labels, photos)
