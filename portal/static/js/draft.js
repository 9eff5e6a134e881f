// A draft keeps itself two seconds after the last change, and when the page is left.
const WHY = {
  401: "You are signed out. Sign in again; the draft is kept as it was.",
  409: "This draft was changed in another window. Reload to see it.",
};

portal.behaviour("draft", (form) => {
  const place = document.querySelector("[data-saved]");
  let timer;
  let dirty = false;

  // The page is the draft's from now on: reloading shows it, and an older window cannot overwrite it.
  function keep(headers) {
    const version = headers.get("X-Draft-Version");
    if (version && form.elements.version) form.elements.version.value = version;
    if (headers.get("X-Draft-Url")) history.replaceState(history.state, "", headers.get("X-Draft-Url"));
  }

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
      keep(response.headers);
      if (place) place.textContent = await response.text();
    } catch (error) {
      dirty = true;
      if (place) place.textContent = WHY[error.message] ?? "Draft not saved. It is tried again with your next change.";
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
