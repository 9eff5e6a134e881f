// Single keys for people who decide much: off while typing, in dialogs, and for whoever switches them off.
(() => {
  const isOn = () => document.documentElement.dataset.shortcuts !== "off" && localStorage.getItem("shortcuts") !== "off";
  const typing = (target) => target.matches?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  const panel = () => document.querySelector("#panel:not([hidden])");
  const rows = () => [...document.querySelectorAll("tr[data-ref]")];
  const rowInFocus = () => document.activeElement?.closest?.("tr[data-ref]");

  function step(by) {
    const move = panel()?.querySelector(by > 0 ? "[data-next]" : "[data-previous]");
    if (panel()) {
      move?.click();
      return;
    }
    const all = rows();
    const at = all.indexOf(rowInFocus());
    all[Math.max(0, Math.min(all.length - 1, at + by))]?.querySelector("[data-panel], a")?.focus();
  }

  function choose(number) {
    const choice = panel()?.querySelector(`[data-outcome="${number}"]`);
    if (!choice) return;
    choice.click();
    portal.say(choice.closest("label").querySelector("b").textContent);
  }

  function select() {
    rowInFocus()?.querySelector("input[name=refs]")?.click();
  }

  function press(key) {
    const selector = `[data-key="${CSS.escape(key)}"]`;
    const near = (panel() ?? rowInFocus())?.querySelector(selector);
    (near ?? document.querySelector(`${selector}:not(tr *, #panel *)`))?.click();
  }

  const actions = {
    j: () => step(1),
    k: () => step(-1),
    x: select,
    z: () => document.querySelector("#toasts [data-undo]")?.click(),
    "/": () => document.querySelector("[data-find]")?.focus(),
    "?": () => document.getElementById("keys")?.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    const key = event.key.toLowerCase();
    if ((event.metaKey || event.ctrlKey) && key === "k") {
      event.preventDefault();
      const palette = document.getElementById("palette");
      if (palette && !palette.open) palette.showModal();
      return;
    }
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "Escape" && panel()) {
      portal.panel?.close();
      return;
    }
    if (event.metaKey || event.ctrlKey || event.altKey || typing(event.target) || !isOn()) return;
    if (actions[key]) {
      event.preventDefault();
      actions[key]();
    } else if (/^[1-9]$/.test(key)) {
      choose(key);
    } else if (/^[a-z]$/.test(key)) {
      press(key);
    }
  });

  portal.behaviour("shortcut-switch", (box) => {
    box.checked = isOn();
    box.addEventListener("change", () => localStorage.setItem("shortcuts", box.checked ? "on" : "off"));
  });
})();
