// What just happened stays for twenty seconds, longer while it is pointed at or focused.
portal.toast = (element) => {
  let timer;
  const wait = () => { timer = setTimeout(() => element.remove(), 20000); };
  const hold = () => clearTimeout(timer);
  for (const name of ["pointerenter", "focusin"]) element.addEventListener(name, hold);
  for (const name of ["pointerleave", "focusout"]) element.addEventListener(name, wait);
  document.getElementById("toasts").replaceChildren(element);
  for (const form of element.querySelectorAll("form")) portal.attach(form);
  wait();
};

portal.toastText = (text) => {
  const element = document.createElement("div");
  const words = document.createElement("p");
  element.className = "toast";
  words.className = "toast__text";
  words.textContent = text;
  element.append(words);
  portal.toast(element);
};
