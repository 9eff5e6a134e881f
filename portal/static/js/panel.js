// The split view: a row's link opens beside the list, with the address, the way back and the focus kept right.
portal.behaviour("panel", (panel) => {
  const main = document.getElementById("main");
  const title = document.title;
  let opener = null;

  const isOpen = () => main.classList.contains("is-open");
  const rowOf = (url) => {
    const named = [...new URL(url, location.href).searchParams.values()];
    return [...document.querySelectorAll("tr[data-ref]")].find((row) => named.includes(row.dataset.ref));
  };

  function mark(row) {
    for (const marked of document.querySelectorAll("tr[aria-current]")) marked.removeAttribute("aria-current");
    row?.setAttribute("aria-current", "true");
    row?.scrollIntoView({ block: "nearest" });
  }

  async function open(url, { push = true } = {}) {
    let html;
    try {
      html = await portal.fragment(url, "panel");
    } catch {
      location.assign(url);
      return;
    }
    show(html);
    mark(rowOf(url));
    portal.seen(url);
    if (push) history.pushState({ panel: url }, "", url);
  }

  function show(html) {
    portal.swap(panel, html);
    panel.hidden = false;
    main.classList.add("is-open");
    const heading = panel.querySelector("[data-focus]");
    heading?.focus({ preventScroll: true });
    if (heading) document.title = `${heading.textContent} · ${title}`;
    const next = panel.querySelector("[data-next]");
    if (next) portal.early(next.href);
  }

  function close({ push = true } = {}) {
    const url = panel.querySelector("[data-close]")?.href;
    const row = document.querySelector("tr[aria-current]");
    main.classList.remove("is-open");
    panel.hidden = true;
    panel.replaceChildren();
    mark(null);
    document.title = title;
    if (push && url) history.pushState({}, "", url);
    (row?.querySelector("[data-panel]") ?? opener)?.focus();
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-panel], [data-close]");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || portal.isNarrow()) return;
    event.preventDefault();
    if ("close" in link.dataset) {
      close();
    } else {
      if (!panel.contains(link)) opener = link;
      open(link.href);
    }
  });

  addEventListener("popstate", (event) => {
    if (event.state?.panel) open(event.state.panel, { push: false });
    else if (event.state && isOpen()) close({ push: false });
  });

  history.replaceState(isOpen() ? { panel: location.href } : {}, "");
  if (isOpen()) panel.querySelector("[data-focus]")?.focus({ preventScroll: true });
  portal.panel = { open, show, close, isOpen };
});
