/* The call screen: fetches the calls every few seconds and, once somebody has switched the sound on, reads new ones.
   A browser lets nothing speak before a person has pressed something on the page. */
(() => {
  "use strict";
  const SECONDS = 4;
  const frame = document.querySelector("[data-calls]");
  const button = document.getElementById("sound");
  const lost = document.getElementById("lost");
  const speech = window.speechSynthesis;
  const known = new Set();
  let missed = 0;

  const calls = () => [...frame.querySelectorAll("[data-call]")];
  const chinese = () => speech.getVoices().find((voice) => /^zh\b/i.test(voice.lang));

  const say = (text) => {
    const words = new SpeechSynthesisUtterance(text);
    words.lang = "zh-CN";
    words.rate = 0.9;
    const voice = chinese();
    if (voice) words.voice = voice;
    speech.speak(words);
  };

  const announce = () => {
    // The oldest first, each twice: a hall is loud.
    calls().reverse().forEach((call) => {
      if (known.has(call.dataset.call)) return;
      known.add(call.dataset.call);
      if (button.getAttribute("aria-pressed") !== "true") return;
      say(call.dataset.say);
      say(call.dataset.say);
    });
  };

  const fetchCalls = async () => {
    try {
      const answer = await fetch(frame.dataset.calls, { cache: "no-store" });
      if (!answer.ok) throw new Error(answer.status);
      const text = await answer.text();
      if (text !== frame.dataset.shown) {
        frame.innerHTML = text;
        frame.dataset.shown = text;
      }
      missed = 0;
      announce();
    } catch {
      missed += 1;
    }
    // One lost answer is nothing; after a while the numbers are not to be trusted.
    lost.hidden = missed < 4;
    lost.textContent = lost.hidden ? "" : frame.dataset.lost;
    setTimeout(fetchCalls, SECONDS * 1000);
  };

  button.addEventListener("click", () => {
    const label = button.querySelector("span");
    if (!speech) {
      label.textContent = button.dataset.none;
      return;
    }
    button.setAttribute("aria-pressed", "true");
    label.textContent = button.dataset.on;
    say(button.dataset.test);
  });

  calls().forEach((call) => known.add(call.dataset.call));
  setTimeout(fetchCalls, SECONDS * 1000);
})();
