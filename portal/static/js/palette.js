// Search everything: asks the server while typing, moves with the arrows, opens with Enter.
portal.behaviour("palette", (dialog) => {
  const input = dialog.querySelector("[role=combobox]");
  const list = dialog.querySelector("[role=listbox]");
  let at = 0;
  let timer;

  function mark() {
    const options = [...list.children];
    at = options.length ? (at + options.length) % options.length : 0;
    options.forEach((option, index) => {
      option.id = `palette-${index}`;
      option.ariaSelected = String(index === at);
    });
    input.ariaExpanded = String(options.length > 0);
    if (options.length) input.setAttribute("aria-activedescendant", `palette-${at}`);
    else input.removeAttribute("aria-activedescendant");
    options[at]?.scrollIntoView({ block: "nearest" });
  }

  async function ask() {
    const query = input.value.trim();
    const html = await portal.fragment(`${dialog.dataset.suggest}?${new URLSearchParams({ q: query })}`, "suggest").catch(() => "");
    if (query !== input.value.trim()) return;
    list.replaceChildren(...portal.nodes(html).filter((node) => node.nodeType === Node.ELEMENT_NODE));
    at = 0;
    mark();
  }

  function go(option) {
    dialog.close();
    location.assign(option.dataset.href);
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });
  input.addEventListener("keydown", (event) => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move) {
      event.preventDefault();
      at += move;
      mark();
    } else if (event.key === "Enter" && list.children[at]) {
      event.preventDefault();
      go(list.children[at]);
    }
  });
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) go(option);
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  input.addEventListener("focus", () => {
    input.select();
    ask();
  });
});

portal.behaviour("modifier", (key) => {
  if (/Mac|iPhone|iPad/.test(navigator.platform)) key.textContent = "⌘K";
});
