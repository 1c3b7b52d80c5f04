// Everything the pages do beyond HTML. Each element only improves markup that works without it.
import htmx from "htmx.org/dist/htmx.esm.js";
import "./beside.js";
import "./rows.js";
import "./typed.js";
import "./find.js";
import "./fold.js";
import "./confirm.js";
import "./copy.js";
import "./dial.js";
import "./drafts.js";
import "./drop.js";
import "./elevation.js";
import "./photo.js";
import "./plan.js";
import "./refused.js";
import "./reveal.js";
import "./toast.js";
import "./trust.js";
import { showTrouble } from "./trouble.js";

document.documentElement.classList.add("has-script");
document.addEventListener("htmx:responseError", showTrouble);
document.addEventListener("htmx:sendError", showTrouble);
document.addEventListener("htmx:timeout", showTrouble);
window.htmx = htmx;
