/* Keeps the day's sheet on this device, so that it opens without a line. In front of it the portal
   writes VERSION, SHELL (the page's address) and FILES (what the page is made of). Nothing of any
   person goes through here: the list and the marks are kept by static/js/sheet.js.
   One cache a version. A page of another version is shown and not kept, so that a page and its
   style are never of two deployments; the old cache goes when the new one is complete. */
"use strict";
const NAME = `sheet-${VERSION}`;
const PATIENCE = 4000;

self.addEventListener("install", (event) => {
  event.waitUntil(fill().then(() => self.skipWaiting()));
});

async function fill() {
  const page = await fetch(SHELL, { redirect: "manual", cache: "no-store" });
  // Signed out, or between two deployments: the version before stays in place until this one is whole.
  if (!isOurs(page)) throw new Error("the page is not to be had now");
  const cache = await caches.open(NAME);
  await cache.addAll(FILES);
  await cache.put(SHELL, page);
}

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== NAME).map((name) => caches.delete(name))))
      .then(() => self.clients.claim())
  );
});

self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (origin !== self.location.origin || event.request.method !== "GET") return;
  if (event.request.mode === "navigate" && pathname === SHELL) event.respondWith(shell(event));
  else if (FILES.includes(pathname)) event.respondWith(kept(pathname).then((file) => file || fetch(event.request)));
});

/* The line first, as it may know better; what is kept when there is none, or when it only pretends to be one. */
async function shell(event) {
  const before = await kept(SHELL);
  const asked = fetch(event.request).then((page) => {
    if (isOurs(page)) {
      const copy = page.clone();
      event.waitUntil(caches.open(NAME).then((cache) => cache.put(SHELL, copy)));
    }
    return before && page.status >= 500 ? before : page;
  });
  if (!before) return asked;
  const late = new Promise((done) => setTimeout(done, PATIENCE, before));
  return Promise.race([asked, late]).catch(() => before);
}

const isOurs = (page) => page.ok && page.headers.get("Sheet-Version") === VERSION;
const kept = async (path) => (await caches.open(NAME)).match(path, { ignoreVary: true });
