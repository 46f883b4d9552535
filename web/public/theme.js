// Before the first paint, so that a chosen theme does not flash.
(function () {
  try {
    var theme = localStorage.getItem('fairlead.theme');
    if (theme === 'dark' || theme === 'light') document.documentElement.dataset.theme = theme;
  } catch (denied) {
    // Without storage the system's theme counts.
  }
})();
