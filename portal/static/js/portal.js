// The ground the behaviours stand on: what is attached where, the live region, fragments and posts.
"use strict";

const portal = {
  behaviours: new Map(),
  cache: new Map(),
  unseen: new Set(),

  // attach(element) runs once for every element with data-behaviour="… name …", now and in swapped parts.
  behaviour(name, attach) {
    portal.behaviours.set(name, attach);
  },

  attach(root) {
    for (const element of [root, ...root.querySelectorAll("[data-behaviour]")]) {
      for (const name of (element.dataset?.behaviour ?? "").split(" ").filter(Boolean)) {
        portal.behaviours.get(name)?.(element);
      }
    }
  },

  say(text) {
    const live = document.getElementById("live");
    if (!live) return;
    live.textContent = "";
    setTimeout(() => { live.textContent = text; }, 30);
  },

  nodes(html) {
    return [...new DOMParser().parseFromString(html, "text/html").body.childNodes];
  },

  // The text of a fragment. Rejects whatever is not a plain 200 from this address, so that callers load the page instead.
  fragment(url, name, headers = {}) {
    const key = `${name} ${url}`;
    if (!portal.cache.has(key)) {
      const answer = fetch(url, { headers: { "X-Fragment": name, ...headers } }).then((response) => {
        if (!response.ok || response.redirected) throw new Error(String(response.status));
        return response.text();
      });
      answer.catch(() => portal.cache.delete(key));
      portal.cache.set(key, answer);
      setTimeout(() => portal.cache.delete(key), 8000);
    }
    return portal.cache.get(key);
  },

  // A panel that may be opened next; the server does not count it as looked at before seen() says so.
  early(url) {
    if (portal.cache.has(`panel ${url}`)) return;
    portal.unseen.add(url);
    portal.fragment(url, "panel", { "X-Prefetch": "1" }).catch(() => {});
  },

  seen(url) {
    if (portal.unseen.delete(url)) fetch(url, { headers: { "X-Fragment": "seen" } }).catch(() => {});
  },

  swap(target, html) {
    target.dataset.swapped = "";
    target.replaceChildren(...portal.nodes(html));
    for (const child of target.children) portal.attach(child);
  },

  post(form, submitter, fragment) {
    const body = new FormData(form, submitter);
    const action = submitter?.getAttribute("formaction") ?? form.getAttribute("action");
    return fetch(action || location.href, { method: "POST", body, headers: { "X-Fragment": fragment } });
  },

  isNarrow() {
    return matchMedia("(width < 760px)").matches;
  },
};

document.addEventListener("DOMContentLoaded", () => portal.attach(document.body));
