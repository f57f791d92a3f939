// A+, A- and A: four sizes, remembered in this browser.
const KEY = "msa-text-size";
const LARGEST = 2;

const read = () => { try { return Number(localStorage.getItem(KEY)) || 0; } catch { return 0; } };
const write = (size) => { try { localStorage.setItem(KEY, String(size)); } catch { /* private browsing: this page only */ } };

export function start(tools) {
  let size = read();
  const apply = () => { document.documentElement.dataset.textSize = String(size); };

  tools.addEventListener("click", (event) => {
    const step = event.target.closest("[data-step]")?.dataset.step;
    if (step === undefined) return;
    size = step === "0" ? 0 : Math.min(LARGEST, Math.max(-1, size + Number(step)));
    write(size);
    apply();
  });
  tools.dataset.ready = "true";
  if (size) apply();
}
