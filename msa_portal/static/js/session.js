// Warns before the idle session closes. Tabs share one deadline, since a page opened in any of them extends it.
const KEY = "msa-session-until";

const read = () => { try { return Number(localStorage.getItem(KEY)); } catch { return 0; } };
const write = (value) => { try { localStorage.setItem(KEY, String(value)); } catch { /* private browsing: this tab alone */ } };

function words(seconds) {
  if (seconds > 60) return `${Math.ceil(seconds / 60)}\u00a0minutes`;
  return seconds > 30 ? "1\u00a0minute" : "30\u00a0secondes";
}

export function start(dialog) {
  const { sessionSeconds, sessionWarningSeconds, extendUrl, expiredUrl } = dialog.dataset;
  const form = dialog.querySelector("form");
  const remaining = dialog.querySelector("[data-remaining]");
  let until = 0;

  const extend = () => { until = Date.now() + sessionSeconds * 1000; write(until); };
  const close = () => dialog.open && dialog.close();

  const look = () => {
    const left = (Math.max(until, read()) - Date.now()) / 1000;
    if (left <= 0) return location.assign(expiredUrl);
    if (left > sessionWarningSeconds) return close();
    const text = words(left);
    if (remaining.textContent !== text) remaining.textContent = text;
    if (!dialog.open) dialog.showModal();
  };

  const stay = async () => {
    const response = await fetch(extendUrl, { method: "POST", body: new FormData(form), credentials: "same-origin" });
    if (!response.ok || response.redirected) return location.assign(expiredUrl);
    extend();
    close();
  };

  form.addEventListener("submit", (event) => { event.preventDefault(); stay().catch(() => form.submit()); });
  dialog.addEventListener("cancel", (event) => { event.preventDefault(); stay().catch(() => form.submit()); });
  document.addEventListener("visibilitychange", () => document.hidden || look());
  extend();
  setInterval(look, 1000);
}
