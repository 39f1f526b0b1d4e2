/* Tells styles that scripts run: core hides filters from whoever has this class. */
document.documentElement.className = "js";
