// Comfort only: every page works without this. A module is fetched when the page has a part for it.
const parts = [
  ["error-summary", () => import("./error-summary.js")],
  ["password", () => import("./password.js")],
  ["strength", () => import("./strength.js")],
  ["serial", () => import("./serial.js")],
  ["session", () => import("./session.js")],
  ["text-size", () => import("./text-size.js")],
];

for (const [name, load] of parts) {
  const found = document.querySelectorAll(`[data-part="${name}"]`);
  if (found.length) load().then((part) => found.forEach((element) => part.start(element)));
}

const numbers = document.querySelectorAll("input.input-nir");
if (numbers.length) import("./nir.js").then((part) => numbers.forEach((input) => part.start(input)));

if (document.querySelector('form[method="post"]')) import("./submit-once.js").then((part) => part.start(document));
