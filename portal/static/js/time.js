// Countdowns follow the clock, in the words the server uses; nothing is announced.
portal.behaviour("countdown", (element) => {
  const at = new Date(element.dateTime);

  function words() {
    const minutes = Math.round((at - Date.now()) / 60000);
    const amount = Math.abs(minutes);
    const [number, unit] = amount < 60 ? [amount, "min"] : amount < 2880 ? [Math.floor(amount / 60), "h"] : [Math.floor(amount / 1440), "days"];
    return `${number} ${unit} ${minutes < 0 ? "over" : "left"}`;
  }

  if (Number.isNaN(at.getTime()) || !/\b(left|over)$/.test(element.textContent)) return;
  const timer = setInterval(() => {
    if (element.isConnected) element.textContent = words();
    else clearInterval(timer);
  }, 60000);
});
