// <ll-photo>: pictures are made smaller before they are sent, which also drops where they were
// taken; without script they are sent as they are and the server does it. What was chosen is kept
// on the page, so that a box ticked afterwards ("keep the position") still finds it.
const LONGEST = 1600;
const QUALITY = 0.82;

function smaller(file) {
  return new Promise((done) => {
    // Read as data: the page's policy lets no picture be shown from a blob address.
    const reader = new FileReader();
    const image = new Image();
    reader.onerror = () => done(file);
    image.onerror = () => done(file); // the server says what is wrong with it
    image.onload = () => {
      const scale = Math.min(1, LONGEST / Math.max(image.naturalWidth, image.naturalHeight));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(image.naturalWidth * scale);
      canvas.height = Math.round(image.naturalHeight * scale);
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob(
        (blob) =>
          done(blob ? new File([blob], `${file.name.replace(/\.\w+$/, "")}.jpg`, { type: "image/jpeg" }) : file),
        "image/jpeg",
        QUALITY,
      );
    };
    reader.onload = () => {
      image.src = reader.result;
    };
    reader.readAsDataURL(file);
  });
}

class Photo extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector("input[type=file]");
    if (!input || typeof DataTransfer === "undefined") return;
    this.list = document.createElement("div");
    this.list.className = "photos";
    this.list.setAttribute("aria-live", "polite");
    this.append(this.list);
    this.chosen = [];
    this.turn = 0;
    input.addEventListener("change", () => {
      this.chosen = Array.from(input.files);
      this.give(input);
    });
    this.form = this.closest("form");
    this.form?.addEventListener("change", (event) => {
      if (event.target.name === "keep_position" && this.chosen.length) this.give(input);
    });
  }

  async give(input) {
    const turn = ++this.turn;
    const keeps = this.form?.querySelector("[name=keep_position]");
    const made = keeps?.checked ? this.chosen : await Promise.all(this.chosen.map(smaller));
    if (turn !== this.turn) return; // another choice was made meanwhile
    const box = new DataTransfer();
    made.forEach((file) => box.items.add(file));
    input.files = box.files;
    this.list.replaceChildren(
      ...made.map((file) => {
        const words = document.createElement("span");
        words.className = "chip";
        words.textContent = `${file.name} ${Math.ceil(file.size / 1024)} KB`;
        return words;
      }),
    );
  }
}

customElements.define("ll-photo", Photo);
