// When an answer does not come, the page says so in words instead of doing nothing.
export function showTrouble(event) {
  const template = document.getElementById("trouble-words");
  const place = document.getElementById("toasts");
  if (!template || !place) return;
  const status = event.detail.xhr ? event.detail.xhr.status : 0;
  const key = status === 403 ? "forbidden" : status >= 400 ? "failed" : "offline";
  const part = template.content.querySelector(`[data-when="${key}"]`);
  place.textContent = "";
  place.appendChild(part.cloneNode(true));
}
