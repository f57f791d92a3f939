// The gauge while typing. The server judges; only the plain counts of characters are ticked here.
const DELAY = 400;

function ticks(password) {
  const length = [...password].length;
  const rules = {
    upper: /\p{Lu}/u.test(password),
    lower: /\p{Ll}/u.test(password),
    digit: /\p{Nd}/u.test(password),
    special: /[^\p{L}\p{Nd}]/u.test(password),
  };
  const classes = Object.values(rules).filter(Boolean).length >= 3;
  return { ...rules, classes, length: length >= 8 && length <= 50 };
}

export function start(box) {
  const input = document.getElementById(box.dataset.strengthFor);
  const word = box.querySelector("[data-word]");
  const advice = box.querySelector("[data-advice]");
  const token = input.form.elements.csrfmiddlewaretoken?.value ?? "";
  let timer = 0;
  let asked = 0;
  let going = null;

  const paint = ({ level = "", sentences = [] }) => {
    box.dataset.level = level;
    word.textContent = level || "à mesurer";
    advice.textContent = sentences.join(" ");
  };

  const ask = async () => {
    const turn = ++asked;
    going = new AbortController();
    try {
      const response = await fetch(box.dataset.strengthUrl, {
        method: "POST",
        headers: { "X-CSRFToken": token },
        body: new URLSearchParams({ password: input.value }),
        credentials: "same-origin",
        signal: going.signal,
      });
      if (!response.ok || turn !== asked) return;
      const { level, missing = [], advice: tips = [], accepted } = await response.json();
      const praise = accepted && level === "fort" ? ["Ce mot de passe convient."] : [];
      paint({ level, sentences: [...missing, ...tips, ...praise] });
    } catch {
      // No network, or the form has been sent: the page stays as it is and the server will judge when the form is sent.
    }
  };

  const judge = () => {
    const met = ticks(input.value);
    box.querySelectorAll("[data-rule]").forEach((rule) => { rule.dataset.met = met[rule.dataset.rule]; });
    clearTimeout(timer);
    asked += 1;
    if (input.value) timer = setTimeout(ask, DELAY);
    else paint({});
  };
  input.addEventListener("input", judge);
  if (input.value) judge(); // typed before this module came, or filled in by the browser
  input.form.addEventListener("submit", () => {
    clearTimeout(timer);
    going?.abort();
  });
}
