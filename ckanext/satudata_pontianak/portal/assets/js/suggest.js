/* Suggestions under a search field: a combobox after the ARIA pattern. Without this file the form
   is a plain form. */
(function () {
  "use strict";

  var WAIT = 180; // milliseconds after a letter before it is asked
  var LEAST = 2;

  // On a wide screen the filters stand open beside the list; a browser that cannot show what is
  // folded by style alone gets it opened here.
  var filters = document.querySelector("[data-sd-filters]");
  if (filters && window.matchMedia("(min-width: 62rem)").matches) {
    filters.open = true;
  }

  var order = document.querySelector("[data-sd-order]");
  if (order) {
    // The button does the same; a change by keyboard must not leave the page unasked.
    order.addEventListener("pointerdown", function () { order.dataset.pointer = "yes"; });
    order.addEventListener("keydown", function () { delete order.dataset.pointer; });
    order.addEventListener("change", function () {
      if (order.dataset.pointer) { order.form.submit(); }
    });
  }

  document.querySelectorAll("form[data-sd-suggest]").forEach(function (form) {
    var input = form.querySelector("input[type=search]");
    var list = form.querySelector("[role=listbox]");
    var status = form.querySelector("[data-sd-suggest-status]");
    if (!input || !list || !window.fetch) { return; }
    var timer = null;
    var asking = null;
    var active = -1;
    var items = [];

    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");

    function close() {
      list.hidden = true;
      active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function mark(index) {
      active = index;
      items.forEach(function (item, i) {
        item.node.setAttribute("aria-selected", i === index ? "true" : "false");
      });
      if (index < 0) {
        input.removeAttribute("aria-activedescendant");
      } else {
        input.setAttribute("aria-activedescendant", items[index].node.id);
        items[index].node.scrollIntoView({ block: "nearest" });
      }
    }

    function option(label, kind, url, index) {
      var node = document.createElement("div");
      var text = document.createElement("span");
      node.id = list.id + "-" + index;
      node.setAttribute("role", "option");
      node.setAttribute("aria-selected", "false");
      text.className = "sd-suggest-label";
      text.textContent = label;
      node.appendChild(text);
      if (kind) {
        var what = document.createElement("span");
        what.className = "sd-suggest-kind";
        what.textContent = kind;
        node.appendChild(what);
      }
      // Pressing must not take the focus out of the field first.
      node.addEventListener("mousedown", function (event) { event.preventDefault(); });
      node.addEventListener("click", function () { window.location.assign(url); });
      return { node: node, url: url };
    }

    function show(answer) {
      items = answer.suggestions.map(function (each, i) {
        return option(each.label, each.kind_label, each.url, i);
      });
      if (answer.did_you_mean) {
        items.push(option(answer.did_you_mean, "", answer.did_you_mean_url, items.length));
      }
      list.replaceChildren.apply(list, items.map(function (item) { return item.node; }));
      active = -1;
      input.removeAttribute("aria-activedescendant");
      list.hidden = items.length === 0;
      input.setAttribute("aria-expanded", items.length ? "true" : "false");
      var words = items.length === 1 ? "one" : items.length ? "many" : "none";
      status.textContent = status.dataset[words].replace("{number}", items.length);
    }

    function ask() {
      var q = input.value.trim();
      if (asking) { asking.abort(); }
      if (q.length < LEAST) { close(); status.textContent = ""; return; }
      asking = new AbortController();
      fetch(form.dataset.sdSuggest + "?q=" + encodeURIComponent(q), {
        credentials: "same-origin",
        signal: asking.signal
      }).then(function (response) {
        return response.ok ? response.json() : null;
      }).then(function (answer) {
        if (answer && document.activeElement === input) { show(answer); }
      }).catch(function () { /* no suggestions: the form works as ever */ });
    }

    input.addEventListener("input", function () {
      window.clearTimeout(timer);
      timer = window.setTimeout(ask, WAIT);
    });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", function (event) {
      var open = !list.hidden;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (!open) {
          if (event.key === "ArrowDown") { ask(); }
          return;
        }
        event.preventDefault();
        var step = event.key === "ArrowDown" ? 1 : -1;
        var next = active + step;
        if (next >= items.length) { next = -1; }
        if (next < -1) { next = items.length - 1; }
        mark(next);
      } else if (event.key === "Escape" && open) {
        event.preventDefault();
        close();
      } else if (event.key === "Enter" && open && active >= 0) {
        event.preventDefault();
        window.location.assign(items[active].url);
      }
    });
    form.addEventListener("submit", function () { window.clearTimeout(timer); });
  });
})();
