// « voir » and « masquer », and a word when capital letters are locked.
export function start(box) {
  const input = box.querySelector("input");
  const button = box.querySelector("button");
  const word = button.querySelector("[data-word]");
  const notice = document.querySelector(`[data-capslock="${input.id}"]`);

  const show = (visible) => {
    input.type = visible ? "text" : "password";
    button.setAttribute("aria-pressed", String(visible));
    word.textContent = visible ? "masquer" : "voir";
  };
  input.autocapitalize = "off";
  input.spellcheck = false;
  button.hidden = false;
  button.addEventListener("click", () => show(input.type === "password"));
  // A browser only offers to remember what is a password field when the form leaves.
  input.form?.addEventListener("submit", () => show(false));

  input.addEventListener("keyup", (event) => {
    const locked = event.getModifierState?.("CapsLock");
    notice.textContent = locked ? "La touche des majuscules est bloquée sur votre clavier." : "";
  });
}
