/* The SHA-256 of a file, made here: the file is not sent, its hash is put into the field. */
(function () {
  "use strict";

  var box = document.querySelector("[data-satudata-hash]");
  var field = document.getElementById("tanda-terima");
  if (!box || !field || !window.crypto || !window.crypto.subtle) { return; }
  var chosen = box.querySelector("input[type=file]");
  var said = box.querySelector("[data-satudata-hash-said]");
  box.hidden = false;

  function hex(buffer) {
    return Array.prototype.map.call(new Uint8Array(buffer), function (byte) {
      return ("0" + byte.toString(16)).slice(-2);
    }).join("");
  }

  chosen.addEventListener("change", function () {
    var file = chosen.files[0];
    if (!file) { return; }
    said.textContent = said.dataset.reading;
    file.arrayBuffer().then(function (content) {
      return window.crypto.subtle.digest("SHA-256", content);
    }).then(function (digest) {
      if (chosen.files[0] !== file) { return; }
      field.value = hex(digest);
      said.textContent = said.dataset.done;
    }).catch(function () { said.textContent = said.dataset.failed; });
  });
}());
