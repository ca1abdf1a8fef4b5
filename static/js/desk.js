/* The desk: marks find their way, and what was pressed keeps the focus when its part of the page is exchanged.

   htmx gives the focus back to an element of the same id, but only if it had it when the exchange began and can take
   it afterwards: a mark that is used up cannot, and a slow answer may find it elsewhere. So what had it is written
   down at the press, and looked for once everything stands. */
(() => {
  "use strict";
  let pressed = null;

  document.addEventListener("focusin", (event) => {
    pressed = event.target.id ? event.target : null;
  });

  // The same button; if it is used up, the one beside it that is not.
  const restore = () => {
    if (!pressed || (document.activeElement && document.activeElement !== document.body)) return;
    const same = document.getElementById(pressed.id);
    if (!same) return;
    const beside = [...same.parentElement.querySelectorAll("button, a")];
    const able = [same, ...beside].find((button) => !button.disabled);
    if (able) able.focus({ preventScroll: true });
  };

  // All marks go through one form, each to the address of its own button: that of the press, also when it had to wait
  // for the answer to another one.
  document.addEventListener("htmx:configRequest", (event) => {
    const cause = event.detail.triggeringEvent;
    const button = cause && cause.submitter;
    if (!button || !button.hasAttribute("formaction")) return;
    event.detail.path = button.getAttribute("formaction");
    if (button.name) event.detail.formData.set(button.name, button.value);
  });

  // At once with the exchange, before another key can be pressed; and once more when everything stands.
  document.addEventListener("htmx:oobAfterSwap", restore);
  document.addEventListener("htmx:afterSwap", restore);
  document.addEventListener("htmx:afterSettle", restore);
})();
