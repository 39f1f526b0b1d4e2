/* What core's scripts draw without a name, and what they let only a mouse do. */
(function () {
  "use strict";

  var words = document.getElementById("sd-words");
  var said = words ? words.dataset : {};

  function each(selector, work) { Array.prototype.forEach.call(document.querySelectorAll(selector), work); }

  /* The lists that Select2 draws take the name of the field they stand for: by itself a screen reader
     would say "combobox" and no more. */
  function name(box) {
    var field = box.previousElementSibling;
    var label = field && field.labels && field.labels[0];
    if (!label) { return; }
    if (!label.id) { label.id = field.id + "-label"; }
    box.querySelectorAll("[role=combobox], [role=textbox]").forEach(function (part) {
      var told = part.getAttribute("aria-labelledby") || "";
      if (told.split(" ")[0] !== label.id) {
        part.setAttribute("aria-labelledby", (label.id + " " + (part.id ? "" : told)).trim());
      }
    });
    box.querySelectorAll("input[type=search], textarea").forEach(function (part) {
      part.setAttribute("aria-labelledby", label.id);
    });
  }

  /* A row that can be chosen is named by its dataset, the box above by what it does. */
  function choose(box) {
    var title = box.closest("tr").querySelector(".dataset-heading a");
    box.setAttribute("aria-label", title ? title.textContent.trim() : said.all);
  }

  /* A sign with a hint is a picture with a name, and the keyboard reaches the hint. */
  function hint(sign) {
    sign.setAttribute("role", "img");
    sign.tabIndex = 0;
  }

  /* Files are put in order with buttons as well as by dragging. */
  function order(handle) {
    var item = handle.closest("li"), file = item.querySelector(".heading");
    var named = file ? file.getAttribute("title") || file.textContent.trim() : "";
    handle.setAttribute("aria-hidden", "true");
    handle.tabIndex = -1;
    ["up", "down"].forEach(function (way) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-secondary btn-sm sd-move";
      button.textContent = said[way];
      button.setAttribute("aria-label", said[way] + ": " + named);
      button.addEventListener("click", function () {
        var other = way === "up" ? item.previousElementSibling : item.nextElementSibling;
        if (!other) { return; }
        item.parentNode.insertBefore(way === "up" ? item : other, way === "up" ? other : item);
        button.focus();
      });
      item.insertBefore(button, handle);
    });
  }

  function all() {
    each(".select2-container", name);
    each(".table-bulk-edit input[type=checkbox]:not([aria-label])", choose);
    each("i[data-bs-toggle=tooltip]:not([role])", hint);
    each(".handle:not([aria-hidden])", order);
    /* A list without items is none. */
    each(".accordion-collapse ul > p:only-child", function (told) { told.parentNode.replaceWith(told); });
  }

  new MutationObserver(all).observe(document.documentElement, { childList: true, subtree: true });
}());
