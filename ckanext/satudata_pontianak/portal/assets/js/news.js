/* News on the dashboard count as read once they are on the screen. */
(function () {
  "use strict";

  var news = document.querySelector("[data-satudata-read]");
  var token = document.querySelector("input[name=_csrf_token]");
  if (!news || !token) { return; }
  window.fetch(news.dataset.satudataRead, {
    method: "POST",
    credentials: "same-origin",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token.value },
    body: "{}"
  });
})();
