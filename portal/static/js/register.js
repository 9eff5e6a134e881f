// Registering: what a web domain tells is filled in where nobody typed; several products get a value each.
portal.behaviour("derive", (contact) => {
  const form = contact.form;
  const place = form.querySelector("[data-derived]");
  const fields = { name: form.elements.customer_name, country: form.elements.customer_country };
  let timer;

  async function ask() {
    const domain = contact.value.trim().split("@").at(-1);
    if (!/^[^\s@]+\.[^\s@.]{2,}$/.test(domain)) return;
    const query = new URLSearchParams({ domain, but: contact.dataset.deriveBut });
    const response = await fetch(`${contact.dataset.deriveUrl}?${query}`).catch(() => null);
    if (!response?.ok) return;
    const told = await response.json();
    for (const [name, field] of Object.entries(fields)) {
      if (!told[name] || (field.value && field.dataset.derived !== field.value)) continue;
      field.value = told[name];
      field.dataset.derived = field.value;
    }
    if (told.note) place.textContent = told.note;
  }

  contact.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 450);
  });
});

portal.behaviour("several", (chips) => {
  const form = chips.closest("form");
  const single = form.querySelector("[data-single]");
  const many = form.querySelector("[data-many]");
  chips.addEventListener("change", () => {
    const chosen = [...chips.querySelectorAll(":checked")].map((box) => box.value);
    const before = single.hidden;
    single.hidden = chosen.length > 1;
    many.hidden = chosen.length < 2;
    for (const value of many.children) value.hidden = !chosen.includes(value.dataset.valueOf);
    const first = many.querySelector(":scope > :not([hidden]) input");
    if (single.hidden && !before && first && !first.value) first.value = single.querySelector("input").value;
  });
});
