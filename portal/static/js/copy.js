// Copy a text; the button says so for a moment.
portal.behaviour("copy", (button) => {
  const label = button.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Copied";
    portal.say("Copied");
    setTimeout(() => { button.textContent = label; }, 2000);
  });
});
