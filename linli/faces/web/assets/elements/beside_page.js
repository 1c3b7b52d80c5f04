// What makes a page fit beside another one.
// Two pages share one document now: an id that is taken gets a name of its own.
export function apart(page) {
  page.querySelectorAll("[id]").forEach((node) => {
    const was = node.id;
    if (!document.getElementById(was)) return;
    node.id = `beside-${was}`;
    page.querySelectorAll("[for], [aria-labelledby], [aria-describedby], [aria-controls], [href]").forEach((user) => {
      ["for", "aria-labelledby", "aria-describedby", "aria-controls"].forEach((name) => {
        const words = (user.getAttribute(name) || "").split(" ");
        if (words.includes(was)) user.setAttribute(name, words.map((one) => (one === was ? node.id : one)).join(" "));
      });
      if (user.getAttribute("href") === `#${was}`) user.setAttribute("href", `#${node.id}`);
    });
  });
}

export function asHeading(page) {
  page.querySelectorAll("h1").forEach((h1) => {
    const h2 = document.createElement("h2");
    h2.className = "beside-title";
    h2.tabIndex = -1;
    h2.append(...h1.childNodes);
    h1.replaceWith(h2);
  });
}
