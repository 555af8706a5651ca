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

  // Keys, as the list behind ? says. They can be switched off there.
  var list = document.getElementById('keys');
  var off = document.getElementById('keys-off');
  var row = -1;
  var waiting = false; // for the second key after g
  function stored() { try { return localStorage.getItem('kaoping-keys') === 'off'; } catch (e) { return false; } }
  if (off) {
    off.checked = stored();
    off.addEventListener('change', function () { try { localStorage.setItem('kaoping-keys', off.checked ? 'off' : 'on'); } catch (e) { /* not kept */ } });
  }
  function go(href) { if (href) { location.href = href; } }
  function rows() {
    var table = document.querySelector('main table');
    return table ? Array.prototype.filter.call(table.tBodies[0].rows, function (r) { return r.querySelector('a'); }) : [];
  }
  function move(by) {
    var all = rows();
    if (!all.length) { return; }
    row = Math.min(Math.max(row + by, 0), all.length - 1);
    all.forEach(function (r, i) { r.classList.toggle('at', i === row); });
    (all[row].querySelector('th a') || all[row].querySelector('a')).focus();
  }
  // The link of the row that leads to an explanation: /s/办法/期间/机构/指标.
  function explain() {
    var all = rows();
    var links = (all[Math.max(row, 0)] || document).querySelectorAll('a[href^="/s/"]');
    for (var i = 0; i < links.length; i += 1) {
      if (links[i].pathname.split('/').length === 6) { return go(links[i].href); }
    }
  }
  function turn(by) {
    if (!period) { return; }
    var next = period.selectedIndex + by;
    if (next >= 0 && next < period.options.length) {
      period.selectedIndex = next;
      period.form.submit();
    }
  }
  function to(id) { var a = document.getElementById(id); if (a) { go(a.href); } }
  function show() { if (list && !list.open) { list.showModal(); } }
  var after = { r: function () { to('go-rank'); }, s: function () { to('go-card'); }, w: function () { go('/'); }, h: function () { go('/'); } };
  var keys = {
    '?': show,
    '/': function () { var f = document.querySelector('.find input'); if (f) { f.focus(); f.select(); } },
    j: function () { move(1); },
    k: function () { move(-1); },
    e: explain,
    x: function () { var a = document.querySelector('.actions a[download], .exports a'); if (a) { a.focus(); } },
    '[': function () { turn(1); },
    ']': function () { turn(-1); },
    g: function () { waiting = true; setTimeout(function () { waiting = false; }, 1500); }
  };
  document.addEventListener('keydown', function (event) {
    var typing = event.target.closest && event.target.closest('input, textarea, select, [contenteditable="true"], dialog[open]');
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing) { return; }
    if (stored() && event.key !== '?') { return; }
    var act = waiting ? after[event.key] : keys[event.key];
    waiting = false;
    if (act) {
      event.preventDefault();
      act();
    }
  });
})();
