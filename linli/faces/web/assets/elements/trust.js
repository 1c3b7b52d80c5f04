// <ll-trust>: a phone that does not trust the office's certificate takes no script to keep.
class Trust extends HTMLElement {
  connectedCallback() {
    const told = () => {
      this.firstElementChild.hidden = false;
      const passkey = document.getElementById("passkey_login");
      if (passkey) passkey.hidden = true;
    };
    const worker = navigator.serviceWorker;
    // A scope of its own: it must not take the place of another one.
    worker ? worker.register("/trust.js", { scope: "/trust.js" }).catch(told) : told();
  }
}

customElements.define("ll-trust", Trust);
