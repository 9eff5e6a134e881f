// Choosing rows: select all, say how many, and leave those that need a person out of what is done to all.
portal.behaviour("bulk", (form) => {
  const all = form.querySelector("[data-select-all]");
  const text = form.querySelector("[data-bulk-text]");
  const boxes = () => [...form.querySelectorAll("tbody input[name=refs]")];

  function tell() {
    const chosen = boxes().filter((box) => box.checked);
    const held = chosen.filter((box) => "needsReview" in box.dataset).length;
    const needs = held === 1 ? "1 needs a review first" : `${held} need a review first`;
    if (text) text.textContent = held ? `${chosen.length} selected, ${needs}` : `${chosen.length} selected`;
    for (const button of form.querySelectorAll("[data-bulk-clear]")) {
      button.disabled = chosen.length === held;
      const number = button.querySelector("[data-bulk-number]");
      if (number) number.textContent = chosen.length - held;
    }
    if (all) {
      all.checked = chosen.length > 0 && chosen.length === boxes().length;
      all.indeterminate = chosen.length > 0 && !all.checked;
    }
  }

  form.addEventListener("change", (event) => {
    if (event.target === all) boxes().forEach((box) => { box.checked = all.checked; });
    tell();
  });
  form.addEventListener("reset", () => setTimeout(tell));
  document.addEventListener("portal:rows", tell);
  tell();
});
