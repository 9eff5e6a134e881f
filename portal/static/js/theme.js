// Light or dark at once; the cookie lets the server draw it from the first byte next time.
portal.behaviour("theme", (form) => {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const root = document.documentElement;
    const current = root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    const next = current === "dark" ? "light" : "dark";
    const secure = location.protocol === "https:" ? "; secure" : "";
    root.dataset.theme = next;
    document.querySelector("meta[name=color-scheme]").content = next;
    document.cookie = `theme=${next}; path=/; max-age=31536000; samesite=lax${secure}`;
    form.querySelector("button").value = current;
    portal.say(`${next === "dark" ? "Dark" : "Light"} theme`);
  });
});
