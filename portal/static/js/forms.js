// Forms: the summary of errors takes the focus, mended fields lose their error, one sending only, filters that follow a choice.
portal.behaviour("errors", (summary) => summary.focus());

portal.behaviour("once", (form) => {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "true";
    event.submitter?.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  });
  form.addEventListener("change", (event) => {
    const control = event.target.closest("[aria-invalid]");
    if (!control?.value.trim()) return;
    control.removeAttribute("aria-invalid");
    document.getElementById(`${control.id}-e`)?.remove();
  });
});

portal.behaviour("filters", (form) => {
  const sheet = form.querySelector("details");
  let changed = false;
  form.addEventListener("change", (event) => {
    if (sheet?.contains(event.target)) changed = true;
  });
  sheet?.addEventListener("toggle", () => {
    if (!sheet.open && changed) form.requestSubmit();
  });
  form.addEventListener("submit", () => {
    for (const control of form.elements) if (!control.value) control.disabled = true;
  });
});
