// Comforts for those who have scripts: every page reads without them.
(function () {
  'use strict';
  var pack = document.getElementById('choose-pack');
  var period = document.getElementById('choose-period');
  if (pack) {
    pack.addEventListener('change', function () { period.disabled = true; pack.form.submit(); });
    period.addEventListener('change', function () { pack.form.submit(); });
  }
  // Copy a table so that a spreadsheet keeps its grid.
  document.querySelectorAll('button.copy').forEach(function (button) {
    button.hidden = false;
    button.addEventListener('click', function () {
      var table = document.getElementById(button.dataset.copy);
      var words = button.textContent;
      var range = document.createRange();
      range.selectNode(table);
      var selection = window.getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
      var ok = false;
      try { ok = document.execCommand('copy'); } catch (e) { ok = false; }
      selection.removeAllRanges();
      if (ok) {
        button.textContent = button.dataset.done;
        setTimeout(function () { button.textContent = words; }, 1600);
      }
    });
  });
  var permalink = document.getElementById('permalink');
  if (permalink && navigator.clipboard) {
    permalink.addEventListener('click', function (event) {
      event.preventDefault();
      navigator.clipboard.writeText(permalink.href).then(function () { location.href = permalink.href; }, function () { location.href = permalink.href; });
    });
  }
  var foot = document.querySelector('.foot');
  if (foot) { foot.dataset.url = location.href; }
})();
