/* The day's sheet that works without a line (docs/decisions/0016-marks-wait-on-the-device.md).
     localStorage "sheet"    today's list of one center, gone at midnight and on signing out (static/js/app.js)
     IndexedDB "sheet"       marks that are not yet sent, in order, each under its own key; written to the disk
                             before the screen shows them, as the line often goes together with the power
   A mark is sent to the portal until it has said what became of it; the key makes a second copy harmless.
   Words stand in the page (templates/appointments/desk/offline/sheet.html), so that they are translated there. */
(() => {
  "use strict";
  const page = document.querySelector("[data-sheet]");
  if (!page || !("serviceWorker" in navigator) || !window.indexedDB) return;
  const find = (what, under = page) => under.querySelector(what);
  const all = (what, under = page) => [...under.querySelectorAll(what)];
  const AGAIN = 20000;
  const AT_ONCE = 50;
  const AFTER = {
    arrive: { booked: "arrived" },
    serve: { booked: "served", arrived: "served" },
    miss: { booked: "missed" },
    undo: { served: "arrived", arrived: "booked", missed: "booked" },
  };
  const KEPT = "sheet";
  let sheet = null; // the list, as the portal gave it
  let marks = []; // not yet sent
  let line = "load"; // what is said on top: load ok off send out barred wrong
  let timer;
  let token;

  /* What is kept on the device */

  const opened = new Promise((done, fail) => {
    const ask = indexedDB.open(KEPT, 1);
    ask.onupgradeneeded = () => ask.result.createObjectStore("marks", { keyPath: "n", autoIncrement: true });
    ask.onsuccess = () => done(ask.result);
    ask.onerror = () => fail(ask.error);
  });
  const stored = async (what) => {
    const work = (await opened).transaction("marks", "readwrite", { durability: "strict" });
    const asked = what(work.objectStore("marks"));
    return new Promise((done, fail) => {
      work.oncomplete = () => done(asked && asked.result);
      work.onabort = () => fail(work.error);
    });
  };
  const reread = async () => {
    marks = await stored((store) => store.getAll());
  };
  const recall = () => {
    try {
      sheet = JSON.parse(localStorage.getItem(KEPT));
    } catch {
      sheet = null;
    }
    const asked = new URLSearchParams(location.search).get("center");
    if (sheet && asked && asked !== sheet.center) sheet = null;
    if (sheet && Date.now() >= sheet.until) forget();
  };
  const forget = () => {
    localStorage.removeItem(KEPT);
    sheet = null;
  };
  const remember = (fresh) => {
    token = fresh.token;
    delete fresh.token;
    fresh.until = Date.now() + fresh.left * 1000;
    fresh.ahead = fresh.now - Date.now(); // the server's clock, where this one is wrong
    sheet = fresh;
    page.dataset.kept = "1";
    try {
      localStorage.setItem(KEPT, JSON.stringify(sheet));
    } catch {
      delete page.dataset.kept;
    }
  };

  /* The line. `ask` throws the word for what is said on top. */

  const ask = async (path, center, sent) => {
    const stop = new AbortController();
    const late = setTimeout(() => stop.abort(), 15000);
    try {
      const answer = await fetch(path + (center ? `?center=${center}` : ""), {
        method: sent ? "POST" : "GET",
        headers: sent ? { "X-CSRFToken": token, "Content-Type": "application/json" } : {},
        body: sent && JSON.stringify(sent),
        redirect: "manual", // to the sign-in page
        cache: "no-store",
        signal: stop.signal,
      });
      if (answer.type === "opaqueredirect" || answer.status === 401) throw "out";
      if (!sent && (answer.status === 403 || answer.status === 404)) throw "barred";
      if (sent && [400, 413].includes(answer.status)) throw "wrong";
      // Anything else that is no list, also a token that somebody else's sign-in has made old, is asked again.
      if (!answer.ok) throw "off";
      return await answer.json();
    } catch (error) {
      throw typeof error === "string" ? error : "off";
    } finally {
      clearTimeout(late);
    }
  };
  const mine = () => marks.filter((mark) => sheet && mark.owner === sheet.owner);
  const exchange = async () => {
    const asked = new URLSearchParams(location.search).get("center") || (sheet && sheet.center);
    remember(await ask(page.dataset.list, asked));
    await reread();
    for (let waiting = mine(); waiting.length; waiting = mine()) {
      line = "send";
      show();
      const center = waiting[0].center;
      const batch = waiting.filter((mark) => mark.center === center).slice(0, AT_ONCE);
      const sent = { owner: sheet.owner, now: Date.now(), marks: batch };
      const fresh = await ask(page.dataset.marks, center, sent);
      if (center === sheet.center) remember(fresh);
      const done = batch.filter((mark) => mark.key in fresh.outcomes);
      if (!done.length) throw "wrong"; // or it would be sent for ever
      await stored((store) => done.forEach((mark) => store.delete(mark.n)));
      await reread();
    }
  };
  let going = null;
  let wanted = false; // asked for while a try was under way, which may have begun before the line came back
  const send = () => {
    clearTimeout(timer);
    wanted = Boolean(going);
    going =
      going ||
      exchange()
        .then(
          () => "ok",
          (error) => (typeof error === "string" ? error : "wrong")
        )
        .then((word) => {
          going = null;
          line = word;
          if (word === "barred") forget();
          show();
          // Only while something waits: a page that asked all day would keep its person signed in all day.
          clearTimeout(timer);
          const soon = word === "ok" || wanted;
          if (mine().length && (word === "off" || word === "ok")) timer = setTimeout(send, soon ? 0 : AGAIN);
        });
    return going;
  };

  /* Marking */

  const newKey = () => (crypto.randomUUID ? crypto.randomUUID() : URL.createObjectURL(new Blob()).slice(-36));
  const keep = async (mark) => {
    const { owner, who, center } = sheet;
    try {
      await stored((store) => store.add({ key: newKey(), at: Date.now(), owner, who, center, ...mark }));
    } catch {
      return say("full");
    }
    await reread();
    show();
    send();
  };
  const status = (row) =>
    mine().reduce((now, mark) => (mark.appointment === row.pk && AFTER[mark.kind][now]) || now, row.status);
  let last = {};
  /* One tap is judged after the one before it is written: on a slow disk the screen is behind the finger. */
  let before = Promise.resolve();
  const tap = (pk, kind) => {
    const at = Date.now();
    before = before.then(() => take(pk, kind, at)).catch(() => say("full"));
  };
  const take = (pk, kind, at) => {
    const row = sheet && sheet.rows.find((one) => String(one.pk) === pk);
    if (!row) return;
    const seen = status(row);
    // Taking back goes one step at a time: the second half of a double tap takes back nothing more.
    const twice = last.pk === pk && last.kind === kind && at - last.at < 700;
    if (!AFTER[kind][seen] || twice) return;
    last = { pk, kind, at };
    if (kind === "miss" && at + sheet.ahead < row.starts) return say("early");
    say("");
    return keep({ kind, appointment: row.pk, seen, at });
  };

  /* What the page shows */

  const say = (word) => all("[data-say]").forEach((part) => (part.hidden = part.dataset.say !== word));
  const write = (name, text, under = page) =>
    all(`[data-text="${name}"]`, under).forEach((part) => (part.textContent = text));
  const only = (name, yes) => all(`[data-if="${name}"]`, document).forEach((part) => (part.hidden = !yes));

  const show = () => {
    const others = marks.filter((mark) => !sheet || mark.owner !== sheet.owner);
    all("[data-line]").forEach((part) => (part.hidden = !part.dataset.line.split(" ").includes(line)));
    only("list", sheet);
    only("none", !sheet && line !== "load");
    only("empty", sheet && !sheet.rows.length);
    only("unsent", mine().length);
    only("send", mine().length && line !== "send" && line !== "out" && line !== "barred");
    only("others", others.length);
    only("reach", line === "ok");
    only("kept", sheet && page.dataset.kept && page.dataset.ready);
    write("unsent", mine().length);
    write("others", others.length);
    write("other", others.length ? others[0].who : "");
    if (sheet) {
      for (const name of ["place", "day", "as_of", "open"]) write(name, sheet[name]);
      only("open", sheet.open);
      only("stuck", sheet.stuck.length);
    }
    all("a[data-place]", document).forEach((link) => {
      link.search = sheet ? `?center=${sheet.center}` : "";
    });
    fill("stuck", sheet ? sheet.stuck : [], (part, row) => {
      write("who", row.who, part);
      write("say", row.say, part);
    });
    fill("note", mine().filter((mark) => mark.kind === "note"), (part, mark) => {
      write("note", [mark.time, mark.name, mark.matter].filter(Boolean).join(" · "), part);
      find("button", part).onclick = () => going || stored((store) => store.delete(mark.n)).then(reread).then(show);
    });
    fill("row", sheet ? sheet.rows : [], line_of);
    sift();
  };

  /* Parts are used again for the same row, so that the finger and the keyboard stay where they are. */
  const fill = (name, rows, write_into) => {
    const place = find(`[data-rows="${name}"]`);
    const had = new Map([...place.children].map((part) => [part.dataset.id, part]));
    rows.forEach((row, number) => {
      const id = String(row.pk || row.key || number);
      const part = had.get(id) || find(`template[data-for="${name}"]`).content.firstElementChild.cloneNode(true);
      had.delete(id);
      part.dataset.id = id;
      write_into(part, row);
      if (place.children[number] !== part) place.insertBefore(part, place.children[number] || null);
    });
    had.forEach((part) => part.remove());
  };
  const line_of = (part, row) => {
    const now = status(row);
    const unsent = mine().some((mark) => mark.appointment === row.pk);
    for (const name of ["time", "name", "item", "phone", "party"]) write(name, row[name], part);
    write("code", row.code.replace(/(...)/, "$1 "), part);
    find("[data-party]", part).hidden = row.party < 2;
    all("[data-status]", part).forEach((pill) => (pill.hidden = pill.dataset.status !== now));
    find("[data-unsent]", part).hidden = !unsent;
    find(".marks", part).setAttribute("aria-label", row.name);
    all("[data-kind]", part).forEach((button) => {
      button.dataset.pk = row.pk;
      // Not `disabled`: the finger or the keyboard is on it at this very moment.
      if (AFTER[button.dataset.kind][now]) button.removeAttribute("aria-disabled");
      else button.setAttribute("aria-disabled", "true");
      button.classList.toggle("is-set", (button.dataset.is || "").split(" ").includes(now));
    });
  };
  const sift = () => {
    const words = find("[data-sift]").value.trim();
    const digits = /^[\d\s-]+$/.test(words) ? words.replace(/\D/g, "") : "";
    let found = 0;
    (sheet ? sheet.rows : []).forEach((row, number) => {
      const fits = digits ? row.code.startsWith(digits) || row.phone.endsWith(digits) : row.name.includes(words);
      find('[data-rows="row"]').children[number].hidden = !fits;
      found += fits;
    });
    only("nobody", sheet && sheet.rows.length && !found);
  };

  page.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button || !sheet) return;
    if ("kind" in button.dataset) tap(button.dataset.pk, button.dataset.kind);
    if ("send" in button.dataset) send();
  });
  find("[data-sift]").addEventListener("input", sift);
  find("form[data-add]").addEventListener("submit", (event) => {
    event.preventDefault();
    const { name, matter, time } = event.target.elements;
    const at = new Date(Date.now() + sheet.ahead);
    const [hour, minute] = time.value.split(":").map(Number);
    if (time.value) at.setHours(hour, minute, 0, 0);
    keep({ kind: "note", name: name.value.trim(), matter: matter.value.trim(), at: at.getTime() - sheet.ahead, time: time.value });
    event.target.reset();
    name.focus();
  });

  window.addEventListener("online", send);
  window.addEventListener("offline", () => {
    line = "off";
    show();
  });
  // Signed out in another window.
  const again = () => {
    if (page.dataset.kept) recall();
    show();
  };
  window.addEventListener("storage", again);
  document.addEventListener("visibilitychange", () => document.hidden || (again(), send()));
  setInterval(() => sheet && Date.now() >= sheet.until && (forget(), show()), 60000);

  navigator.serviceWorker.register(page.dataset.worker).catch(() => {});
  navigator.serviceWorker.ready.then(() => {
    page.dataset.ready = "1";
    show();
  });
  page.hidden = false;
  document.querySelector("[data-without]").hidden = true;
  recall();
  page.dataset.kept = sheet ? "1" : "";
  reread().then(show, () => say("full")).then(send);
})();
