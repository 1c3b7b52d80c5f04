// A refusal takes the focus, also in browsers that give it by themselves only to fields.
const refused = document.querySelector('[autofocus][tabindex="-1"]');
if (refused) refused.focus();
