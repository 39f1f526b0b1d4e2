/* Menus are <details> and work without this. With it they close as menus do: by Escape, which gives
   the focus back, and by a press or a focus elsewhere. */
(function () {
  "use strict";
  function close(except) {
    document.querySelectorAll("details.sd-drop[open]").forEach(function (menu) {
      if (!except || !menu.contains(except)) menu.open = false;
    });
  }
  document.addEventListener("click", function (event) { close(event.target); });
  document.addEventListener("focusin", function (event) { close(event.target); });
  document.addEventListener("keydown", function (event) {
    var menu = event.key === "Escape" && document.querySelector("details.sd-drop[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
})();
