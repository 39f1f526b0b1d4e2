/* What CKAN's templates write into attributes (onclick="…"), as a file: no other script runs here. */
(function () {
  "use strict";

  function byId(id) { return document.getElementById(id); }
  function choose(id) { var box = byId(id); if (box) { box.checked = true; } }
  function focus(id) { var box = byId(id); if (box) { box.focus(); } }

  /* Values that a page gives to the scripts of a view (text, table) stand in it as data. */
  document.querySelectorAll("script[type='application/json'][data-page-values]").forEach(function (box) {
    Object.assign(window, JSON.parse(box.textContent));
  });

  /* Core's table gives setTimeout what this returns, nothing, which a browser takes for a text to
     run. An empty function is run instead. */
  document.addEventListener("DOMContentLoaded", function () {
    var observe = window.initFilterObserver;
    if (observe) { window.initFilterObserver = function () { observe(); return function () {}; }; }
  });

  /* How a file comes: chosen here, linked, or none. */
  function source(button) {
    if (button.id === "resource-upload-button") {
      choose("resource-url-upload");
      byId("field-resource-upload").click();
    } else if (button.id === "resource-link-button") {
      choose("resource-url-link");
      focus("field-resource-url");
    } else if (button.closest(".upload-type") && button.closest(".upload-type").querySelector("input[readonly]")) {
      choose("field-clear-upload");
      focus("field-resource-upload");
    } else {
      choose("resource-url-none");
      focus(byId("resource-upload-button") ? "resource-upload-button" : "resource-link-button");
      button.closest(".select-type").querySelectorAll("input[type=file], input[type=url]").forEach(function (field) {
        field.value = "";
        field.dispatchEvent(new Event("change", { bubbles: true }));
      });
    }
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("#resource-upload-button, #resource-link-button, .btn-remove-url");
    /* The button of that name beside a picture has a script of its own. */
    if (button && button.closest(".resource-upload-field")) { source(button); }
    if (event.target.closest("#refit-button") && window.fitColText) { window.fitColText(); }
    if (event.target.matches("input[type=checkbox][readonly]")) { event.preventDefault(); }
  });

  /* A link that is a button of core's has a script for an address; its own handler is what it does. */
  document.addEventListener("click", function (event) {
    if (event.target.closest("a[href^='javascript:']")) { event.preventDefault(); }
  }, true);

  /* Tokens are revoked once one is chosen. */
  function tokens() {
    var button = byId("revoke-tokens-button");
    if (button) { button.disabled = !document.querySelector("[name=token]:checked"); }
  }
  document.addEventListener("change", function (event) {
    if (event.target.name === "token") { tokens(); }
  });
  document.addEventListener("htmx:afterRequest", tokens);
  document.addEventListener("htmx:afterSettle", function (event) {
    var made = event.target.querySelector && event.target.querySelector("tr[id^=token-]");
    if (made) { made.scrollIntoView(false); }
  });
}());
