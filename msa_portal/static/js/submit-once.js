// A second press on the same button sends nothing; the pressed button keeps its name and value.
const busy = "aria-disabled";
const PATIENCE = 10_000;

function release(form) {
  delete form.dataset.sent;
  form.querySelectorAll(`[${busy}]`).forEach((button) => button.removeAttribute(busy));
}

export function start(page) {
  page.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "true";
    event.submitter?.setAttribute(busy, "true");
    setTimeout(release, PATIENCE, form); // a lost signal must not leave a dead button
  });
  // Back button: the page may return from the browser's memory as it was left.
  addEventListener("pageshow", () => {
    page.querySelectorAll("form[data-sent]").forEach(release);
  });
}
