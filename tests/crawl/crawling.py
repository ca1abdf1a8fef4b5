"""Follows the links of the pages that one audience sees, from its start page on."""

import re
from collections import Counter
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, resolve

LINK = re.compile(r"""<[a-z]+\b[^>]*?\b(?:href|hx-get)="([^"]+)"[^>]*>""")
# What is not a link that somebody can follow; the fields of a form are part of where it leads.
ASIDE = re.compile(r"<(form|link|meta|script)\b[^>]*>")
# Pages of one address that are opened; others of it look the same.
EACH = 2


@dataclass
class Crawl:
    reached: set[str] = field(default_factory=set)  # names of addresses that answered 200
    broken: list[str] = field(default_factory=list)  # "status address <- page that shows the link"
    dead_ends: list[str] = field(default_factory=list)  # pages without any link


def crawl(client: Client, start: str, *, skip: tuple[str, ...] = ()) -> Crawl:
    """Opens at most EACH pages of an address; leaves out names that begin with one of `skip`."""
    found, opened, seen = Crawl(), Counter(), {start}
    queue = [(start, "")]
    while queue:
        address, shown_on = queue.pop(0)
        name = name_of(address)
        if name is None:
            found.broken.append(f"no such address {address} <- {shown_on}")
            continue
        if name.startswith(skip) or opened[name] >= EACH:
            continue
        opened[name] += 1
        answer = client.get(address, follow=True)
        if answer.status_code >= 400:
            found.broken.append(f"{answer.status_code} {address} <- {shown_on}")
            continue
        found.reached |= {name, *(name_of(passed) or "" for passed, _status in answer.redirect_chain)}
        if not answer.headers["Content-Type"].startswith("text/html"):
            continue
        here = answer.request["PATH_INFO"]
        page = answer.content.decode()
        links = links_of(page, here)
        if not links and "<html" in page:
            found.dead_ends.append(address)
        for link in links:
            if link not in seen:
                seen.add(link)
                queue.append((link, address))
    return found


def links_of(page: str, here: str) -> list[str]:
    """Addresses of this site that the page links."""
    links = (urljoin(here, unescape(link)) for link in LINK.findall(ASIDE.sub("", page)))
    return [link.partition("#")[0] for link in links if link.startswith("/") and not link.startswith("//")]


def name_of(address: str) -> str | None:
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return None
