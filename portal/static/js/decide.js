// A decision is posted in place: its rows leave the list, the counts follow, the next one opens, and Undo brings them back.
(() => {
  const kept = new Map();
  const rowOf = (ref) => document.querySelector(`tr[data-ref="${CSS.escape(ref)}"]`);

  function takeAway(ref) {
    const row = rowOf(ref);
    if (!row) return;
    kept.set(ref, { row, parent: row.parentNode, next: row.nextElementSibling });
    row.querySelectorAll("input:checked").forEach((box) => { box.checked = false; });
    row.remove();
  }

  function bringBack(ref) {
    const { row, parent, next } = kept.get(ref);
    parent.insertBefore(row, next?.isConnected ? next : null);
    kept.delete(ref);
  }

  function show(html) {
    const outcome = portal.nodes(html).find((node) => node.dataset?.outcomeOf);
    if (!outcome) return false;
    const gone = outcome.dataset.gone.split(" ").filter(Boolean);
    const back = outcome.dataset.back.split(" ").filter(Boolean);
    portal.cache.clear();
    if (back.some((ref) => !kept.has(ref))) {
      location.reload();
      return true;
    }
    gone.forEach(takeAway);
    back.toReversed().forEach(bringBack);
    for (const { dataset, value } of outcome.querySelectorAll("[data-count-of]")) {
      for (const place of document.querySelectorAll(`[data-count="${CSS.escape(dataset.countOf)}"]`)) place.textContent = value;
    }
    portal.toast(outcome.querySelector(".toast"));
    const opened = portal.panel?.isOpen();
    if (outcome.dataset.nextUrl && opened) portal.panel.open(new URL(outcome.dataset.nextUrl, location.href).href);
    else if (opened && gone.length) portal.panel.close();
    document.dispatchEvent(new CustomEvent("portal:rows"));
    return true;
  }

  // A refusal that is a page of its own is told in its own words; the list stays as it is.
  function tell(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const words = [...page.querySelectorAll("h1, h1 + p")].map((element) => element.textContent.trim());
    portal.toastText(words.join(". ") || "The answer could not be read. Reload the page.");
  }

  async function send(form, submitter) {
    const response = await portal.post(form, submitter, "outcome");
    const html = await response.text();
    if (response.redirected) location.assign(response.url);
    else if (response.status === 422 && portal.panel?.isOpen()) portal.panel.show(html);
    else if (!response.ok || !show(html)) tell(html);
  }

  portal.behaviour("decide", (form) => {
    form.addEventListener("submit", (event) => {
      const { submitter } = event;
      if (form.dataset.plain || (portal.isNarrow() && !form.querySelector("[data-undo]"))) return;
      event.preventDefault();
      if (form.ariaBusy === "true") return;
      form.ariaBusy = "true";
      send(form, submitter)
        .catch(() => {
          form.dataset.plain = "true";
          form.requestSubmit(submitter);
        })
        .finally(() => { form.ariaBusy = "false"; });
    });
  });
})();
