from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ciforum.people.permissions import public


@public
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


@public
def language(request: HttpRequest, code: str) -> HttpResponse:
    return render(request, "base.html")


@public
def health(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


@public
def ready(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


@public
def robots(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


@public
def favicon(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


@public
def sitemap(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")
