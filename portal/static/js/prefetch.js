// What the pointer or the focus rests on is fetched early; it is kept in memory for eight seconds at most.
(() => {
  const early = (event) => {
    const link = event.target.closest?.("[data-panel]");
    if (link && !portal.isNarrow()) portal.early(link.href);
  };
  document.addEventListener("pointerover", early, { passive: true });
  document.addEventListener("focusin", early);
})();
