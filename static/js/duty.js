/* Dragging a name to another post of the month. What it does, the form of the half day does as well:
   a drop fills in one hidden form and sends it. Loaded on the month's page only, for those who may change it. */
(() => {
  "use strict";
  const table = document.querySelector("[data-duty]"); // holds one table, or several with folds between
  const form = document.getElementById("duty-move");
  if (!table || !form) return;
  let held = null;
  const post = (event) => event.target.closest && event.target.closest("[data-drop]");
  const clear = () => table.querySelectorAll(".duty-post--over").forEach((one) => one.classList.remove("duty-post--over"));

  table.addEventListener("dragstart", (event) => {
    held = event.target.closest("[data-shift]");
    if (!held) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", held.dataset.shift);
  });
  table.addEventListener("dragover", (event) => {
    const over = post(event);
    if (!held || !over || over === held) return;
    event.preventDefault();
    clear();
    over.classList.add("duty-post--over");
  });
  table.addEventListener("dragend", () => {
    held = null;
    clear();
  });
  table.addEventListener("drop", (event) => {
    const over = post(event);
    if (!held || !over || over === held) return;
    event.preventDefault();
    const [day, part, position] = over.dataset.drop.split(" ");
    const values = { shift: held.dataset.shift, day, part, position };
    Object.keys(values).forEach((name) => {
      form.elements[name].value = values[name];
    });
    form.requestSubmit ? form.requestSubmit() : form.submit();
  });
})();
