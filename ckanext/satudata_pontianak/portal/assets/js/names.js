/* The lists that Select2 draws take the name of the field they stand for: by itself a screen reader
   would say "combobox" and no more. */
(function () {
  "use strict";

  function name(box) {
    var field = box.previousElementSibling;
    var label = field && field.labels && field.labels[0];
    if (!label) { return; }
    if (!label.id) { label.id = field.id + "-label"; }
    box.querySelectorAll("[role=combobox], [role=textbox]").forEach(function (part) {
      var said = part.getAttribute("aria-labelledby") || "";
      if (said.split(" ")[0] !== label.id) {
        part.setAttribute("aria-labelledby", (label.id + " " + (part.id ? "" : said)).trim());
      }
    });
    box.querySelectorAll("input[type=search], textarea").forEach(function (part) {
      part.setAttribute("aria-labelledby", label.id);
    });
  }

  function all() { document.querySelectorAll(".select2-container").forEach(name); }

  new MutationObserver(all).observe(document.documentElement, { childList: true, subtree: true });
}());
