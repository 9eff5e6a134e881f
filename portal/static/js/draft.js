// A draft keeps itself two seconds after the last change, and when the page is left.
portal.behaviour("draft", (form) => {
  const place = document.querySelector("[data-saved]");
  let timer;
  let dirty = false;

  async function save() {
    clearTimeout(timer);
    if (!dirty || form.dataset.sent) return;
    dirty = false;
    try {
      const response = await fetch(form.dataset.draftUrl, {
        method: "POST",
        body: new FormData(form),
        headers: { "X-Fragment": "draft" },
        keepalive: true,
      });
      if (!response.ok) throw new Error(String(response.status));
      if (place) place.textContent = await response.text();
    } catch {
      dirty = true;
      if (place) place.textContent = "Draft not saved. It is tried again with your next change.";
    }
  }

  form.addEventListener("input", () => {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, 2000);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save();
  });
});
