// Says how many digits of the card's number are typed, in words.
export function start(counter) {
  const input = document.getElementById(counter.dataset.countFor);
  const expected = Number(counter.dataset.expected);
  const prefix = counter.dataset.prefix ?? "";

  const count = () => {
    let digits = input.value.replace(/\D/g, "");
    if (prefix && digits.startsWith(prefix) && digits.length > expected) digits = digits.slice(prefix.length);
    const typed = `${digits.length} chiffre${digits.length > 1 ? "s" : ""}`;
    if (!digits) counter.textContent = "";
    else counter.textContent = expected ? `${typed} sur ${expected}` : `${typed}`;
  };
  input.addEventListener("input", count);
  count();
}
