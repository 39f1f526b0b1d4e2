/* Charts that come alive: whoever points at a picture, or asks for it, gets it drawn again in the
   browser from the same specification, with each number where one points. What draws it is fetched
   only then. Without this file, or where anything fails, the picture of the server stays. */
(function () {
  "use strict";

  var loaded = {};

  function script(tag) {
    var source = tag.dataset.src;
    loaded[source] = loaded[source] || new Promise(function (done, fail) {
      var made = document.createElement("script");
      made.onload = done;
      made.onerror = function () { delete loaded[source]; fail(); };
      made.integrity = tag.dataset.integrity;
      made.src = source;
      document.head.appendChild(made);
    });
    return loaded[source];
  }

  function libraries() {
    return Array.prototype.reduce.call(
      document.querySelector("[data-sd-libraries]").children,
      function (before, tag) { return before.then(function () { return script(tag); }); },
      Promise.resolve()
    );
  }

  function theme() {
    var said = document.documentElement.dataset.bsTheme;
    if (said === "dark" || said === "light") { return said === "dark" ? "gelap" : "terang"; }
    return window.matchMedia("(prefers-color-scheme: dark)").matches ? "gelap" : "terang";
  }

  function address(figure) {
    var url = new URL(figure.dataset.sdVega, window.location.href);
    url.searchParams.set("tema", theme());
    url.searchParams.set("ukuran_gambar", window.matchMedia("(max-width: 575px)").matches ? "sempit" : "lebar");
    return url;
  }

  function number(value) {
    return value.toLocaleString(document.documentElement.lang || "id", { maximumFractionDigits: 6 });
  }

  /* What a mark stands for, in words; nothing for axes, titles and the ground. */
  function words(item) {
    var datum = item && item.datum;
    // Of texts only what stands in the place of a number that is withheld.
    if (!datum || !item.mark || (item.mark.marktype === "text" && !datum.mark)) { return ""; }
    var name = datum.x || datum.name || datum.label;
    if (!name && datum.properties) { name = datum.properties.nama || datum.properties.name; }
    if (!name) { return ""; }
    name = String(name).replace(/\s+/g, " "); // a label of two lines is one name
    if (datum.s && item.mark.marktype !== "line") { name += " · " + datum.s; }
    if (item.mark.marktype === "line") { return datum.s || ""; }
    if (typeof datum.y === "number") { return name + ": " + number(datum.y); }
    return datum.mark ? name + ": " + datum.mark : String(name);
  }

  function hover(view, place, bubble) {
    function hide() { bubble.hidden = true; }
    view.addEventListener("pointermove", function (event, item) {
      var said = words(item);
      if (!said) { hide(); return; }
      var frame = place.getBoundingClientRect();
      bubble.textContent = said;
      bubble.hidden = false;
      var left = event.clientX - frame.left + 12;
      bubble.style.left = Math.max(0, Math.min(left, frame.width - bubble.offsetWidth)) + "px";
      bubble.style.top = event.clientY - frame.top + 16 + "px";
    });
    place.addEventListener("pointerleave", hide);
  }

  function draw(figure, answer) {
    var vega = window.vega;
    var place = document.createElement("div");
    var canvas = document.createElement("div");
    var bubble = document.createElement("p");
    place.className = "sd-plot-live";
    bubble.className = "sd-plot-bubble";
    bubble.hidden = true;
    place.append(canvas, bubble);
    // In a frame of another site a page of ours may not stand: a region opens beside it.
    var beside = window.top === window ? {} : { target: "_blank", rel: "noopener" };
    var view = new vega.View(vega.parse(answer.spec, {}, { ast: true }), {
      loader: vega.loader(beside),
      expr: vega.expressionInterpreter,
      renderer: "svg",
      container: canvas,
      hover: true
    });
    view.locale(vega.locale(answer.numbers, answer.times || undefined));
    return view.runAsync().then(function () {
      var still = figure.querySelectorAll("picture");
      hover(view, place, bubble);
      still[0].before(place);
      still.forEach(function (picture) { picture.hidden = true; });
      figure.dataset.sdAlive = "yes";
    });
  }

  function start(figure) {
    if (figure.dataset.sdAlive) { return; }
    figure.dataset.sdAlive = "soon";
    var button = figure.querySelector("[data-sd-live]");
    var said = button.nextElementSibling;
    var asked = fetch(address(figure), { credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return answer.json();
    });
    Promise.all([asked, libraries()]).then(function (got) {
      return draw(figure, got[0]);
    }).then(function () {
      var pressed = document.activeElement === button;
      button.hidden = true;
      said.textContent = "";
      if (pressed) { figure.tabIndex = -1; figure.focus(); }
    }, function () {
      figure.dataset.sdAlive = "failed";
      said.textContent = button.dataset.failed;
    });
  }

  function all(within, selector, act) { within.querySelectorAll(selector).forEach(act); }

  function lively(figure) {
    var button = figure.querySelector("[data-sd-live]");
    button.hidden = false;
    button.addEventListener("click", function () {
      if (figure.dataset.sdAlive === "failed") { delete figure.dataset.sdAlive; }
      start(figure);
    });
    all(figure, "picture", function (picture) {
      picture.addEventListener("pointerenter", function (event) {
        if (event.pointerType === "mouse") { start(figure); }
      });
    });
  }

  /* The line that puts a picture into another page, taken along by a button. */
  function copying(button) {
    var line = document.getElementById(button.dataset.sdCopy);
    if (!line || !navigator.clipboard) { return; }
    button.hidden = false;
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(line.textContent).then(function () {
        button.nextElementSibling.textContent = button.dataset.done;
      });
    });
  }

  /* What was chosen, as the address says it: what is left open does not stand there. */
  function chosen(form) {
    var url = new URL(form.action);
    new FormData(form).forEach(function (value, name) { if (value) { url.searchParams.set(name, value); } });
    return url;
  }

  var asked = null;
  var here = window.location.pathname + window.location.search;

  function remember(url, how) {
    if (how) { window.history[how]({ picture: true }, "", url); }
    here = url.pathname + url.search;
  }

  /* On its own page a picture is put in the place of the one before, with its words and its table;
     elsewhere its page is opened. What is asked for later puts an end to what was asked before. */
  function show(url, how, focus) {
    var before = document.querySelector("[data-sd-picture]");
    if (!before) { window.location.assign(url); return; }
    if (asked) { asked.abort(); }
    var mine = asked = new AbortController();
    before.setAttribute("aria-busy", "true");
    fetch(url, { credentials: "same-origin", signal: mine.signal }).then(function (answer) {
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return answer.text();
    }).then(function (text) {
      if (mine !== asked) { return; }
      var page = new DOMParser().parseFromString(text, "text/html");
      var next = document.importNode(page.querySelector("[data-sd-picture]"), true);
      var alive = before.querySelector("[data-sd-alive=yes]");
      before.replaceWith(next);
      document.title = page.title;
      remember(url, how);
      begin(next);
      var place = focus && document.getElementById(focus);
      if (place) { place.focus(); }
      var sentence = next.querySelector(".sd-plot-sentence, .sd-plot-none");
      next.querySelector("[data-sd-said]").textContent = sentence ? sentence.textContent : "";
      var figure = next.querySelector("[data-sd-vega]");
      if (alive && figure) { start(figure); }
    }).catch(function () {
      if (mine !== asked) { return; }
      if (!how) { window.location.reload(); return; }
      // Too much was asked, or nobody answers: the picture that is there stays.
      var said = before.querySelector("[data-sd-said]");
      before.removeAttribute("aria-busy");
      said.textContent = said.dataset.failed;
    });
  }

  var waiting = 0;

  /* Whoever runs through a list with the keys asks for what they come to rest at. */
  function soon(form, how, focus) {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(function () { show(chosen(form), how, focus); }, 250);
  }

  function choosing(form) {
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      window.clearTimeout(waiting);
      show(chosen(form), "pushState", document.activeElement && document.activeElement.id);
    });
    if (!form.closest("[data-sd-picture]")) { return; }
    form.addEventListener("change", function (event) {
      if (event.target.type !== "range") { soon(form, "pushState", event.target.id); }
    });
  }

  /* The slider of time moves the choice of the period, on the page where the picture follows. */
  function sliding(slider) {
    if (!slider.closest("[data-sd-picture]")) { return; }
    var choice = document.getElementById(slider.dataset.sdPeriods);
    slider.closest("label").hidden = false;
    function take() {
      choice.selectedIndex = slider.value;
      slider.setAttribute("aria-valuetext", choice.options[slider.value].text);
    }
    slider.addEventListener("input", take);
    slider.addEventListener("change", function () { take(); soon(slider.form, "replaceState", slider.id); });
  }

  function begin(within) {
    all(within, "[data-sd-vega]", lively);
    all(within, "[data-sd-copy]", copying);
    all(within, "[data-sd-choices]", choosing);
    all(within, "[data-sd-periods]", sliding);
  }

  begin(document);
  if (document.querySelector("[data-sd-picture]")) {
    window.addEventListener("popstate", function () {
      var url = new URL(window.location.href);
      if (url.pathname + url.search === here) { return; } // a place on the same page
      window.clearTimeout(waiting);
      here = url.pathname + url.search;
      show(url, "");
    });
  }
})();
