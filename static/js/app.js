/* Small comforts on top of pages that already work without them. Everything hangs on data-*:
     data-print            a button that prints the page
     data-copy="text"      a button that copies text
     data-autosubmit       a field whose change submits its form; hides the form's [data-fallback] button
     data-stay             on a form that is answered by a file: its button does not wait
     data-reload="300"     a wall screen fetches itself again after so many seconds
     data-recent="code"    the browser remembers this center
     data-close            a button that hides its [data-closable] parent
     data-forget           on the form that signs out: the day's list kept on this device goes with the person
   Forms sent by POST say that they are on their way, once. The server alone guards against a second copy. */
(() => {
  "use strict";
  const words = document.documentElement.dataset;
  const busy = words.busy || "…";

  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("[data-print],[data-copy],[data-close]");
    if (!button) return;
    if ("print" in button.dataset) window.print();
    if ("close" in button.dataset) button.closest("[data-closable]").hidden = true;
    if ("copy" in button.dataset && navigator.clipboard) {
      navigator.clipboard.writeText(button.dataset.copy).then(() => {
        button.textContent = words.copied || button.textContent;
      });
    }
  });

  document.addEventListener("change", (event) => {
    const field = event.target.closest && event.target.closest("[data-autosubmit]");
    if (field && field.form) field.form.requestSubmit ? field.form.requestSubmit() : field.form.submit();
  });
  document.querySelectorAll("[data-autosubmit]").forEach((field) => {
    const fallback = field.form && field.form.querySelector("[data-fallback]");
    if (fallback) fallback.hidden = true;
  });

  // A disabled button is not sent with its form, so it is disabled only after the form has been read.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if ("forget" in form.dataset && navigator.cookieEnabled) localStorage.removeItem("sheet");
    if (form.method !== "post" || event.defaultPrevented || "stay" in form.dataset) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    const button = event.submitter;
    setTimeout(() => {
      if (!button) return;
      button.dataset.label = button.innerHTML;
      button.setAttribute("aria-disabled", "true");
      if (button.classList.contains("button")) button.textContent = busy;
    });
  });
  // Coming back (or a line that dropped) must not leave a page whose buttons are dead.
  const wake = () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
    });
    document.querySelectorAll("[data-label][aria-disabled]").forEach((button) => {
      if (button.tagName !== "BUTTON") return;
      button.innerHTML = button.dataset.label;
      button.removeAttribute("aria-disabled");
    });
  };
  window.addEventListener("pageshow", (event) => event.persisted && wake());
  document.addEventListener("submit", () => setTimeout(wake, 15000));

  // After a refused form the reader starts at the summary, not at the top of the page.
  const summary = document.querySelector(".error-summary");
  if (summary) summary.focus();

  const wall = document.querySelector("[data-reload]");
  if (wall) setTimeout(() => location.reload(), wall.dataset.reload * 1000);

  // The centers that this browser has visited, latest first. Not set by the server: what it answers is everybody's.
  const place = document.querySelector("[data-recent]");
  if (place) {
    const code = place.dataset.recent;
    const known = ((document.cookie.match(/(?:^|; )centers=([\d.]+)/) || [])[1] || "").split(".");
    const kept = [code, ...known.filter((one) => one && one !== code)].slice(0, 3).join(".");
    const safe = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `centers=${kept}; path=/; max-age=15811200; samesite=lax${safe}`;
  }

  // What can only work with this script shows itself only now.
  document.querySelectorAll("[data-script]").forEach((part) => {
    part.hidden = false;
  });
})();
