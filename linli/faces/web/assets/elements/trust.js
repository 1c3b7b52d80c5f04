// <ll-trust>: a phone that does not trust the office's certificate takes no script to keep.
class Trust extends HTMLElement {
  connectedCallback() {
    const told = () => {
      this.firstElementChild.hidden = false;
      const passkey = document.getElementById("passkey_login");
      if (passkey) passkey.hidden = true;
    };
    const worker = navigator.serviceWorker;
    worker ? worker.register("/trust.js").catch(told) : told();
  }
}

customElements.define("ll-trust", Trust);
