// Groups a social security number as on the card, once the field is left, never while typing.
const GROUPS = [1, 2, 2, 2, 3, 3, 2];

export function start(input) {
  input.addEventListener("blur", () => {
    const plain = input.value.replace(/[\s.\u00a0\u202f-]/g, "").toUpperCase();
    if (!/^\d{5}(\d{2}|2[AB])\d{6}(\d{2})?$/.test(plain)) return;
    let at = 0;
    input.value = GROUPS.map((size) => plain.slice(at, (at += size))).filter(Boolean).join(" ");
  });
}
