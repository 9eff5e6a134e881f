// A long job is asked about every two seconds while the page is visible, until it says that it is finished.
portal.behaviour("poll", (place) => {
  if ("finished" in place.dataset) {
    portal.say(place.innerText);
    return;
  }
  const timer = setInterval(async () => {
    if (document.visibilityState === "hidden") return;
    const response = await fetch(place.dataset.url, { headers: { "X-Fragment": place.id } }).catch(() => null);
    if (!response?.ok) return;
    const fresh = portal.nodes(await response.text()).find((node) => node.id === place.id);
    if (!fresh || !place.isConnected) {
      clearInterval(timer);
      return;
    }
    place.replaceChildren(...fresh.childNodes);
    if (!("finished" in fresh.dataset)) return;
    clearInterval(timer);
    portal.say(place.innerText);
  }, 2000);
});
