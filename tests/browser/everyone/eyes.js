/* What the tests see of a page: each function returns the beginning of the elements that are wrong. */
window.satudataEyes = (() => {
  const all = () => [...document.body.querySelectorAll('*')];
  const style = (e, part) => getComputedStyle(e, part);
  const told = elements => elements.slice(0, 8).map(e => e.outerHTML.slice(0, 160));
  const named = e => e.ariaLabel || e.getAttribute('aria-labelledby') || e.tagName === 'PRE';

  /* Elements that stand out of the page on the right. */
  const outside = () => told(all().filter(e =>
    e.getBoundingClientRect().right > document.documentElement.clientWidth + 1
      && !e.closest('[tabindex="0"], pre, .visually-hidden')));

  /* Frames that move sideways, but cannot be reached by keyboard or have no name. */
  const scrollers = () => told(all().filter(e =>
    /auto|scroll/.test(style(e).overflowX) && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0
      && e.tagName !== 'TEXTAREA' && (e.tabIndex < 0 || !named(e))));

  /* Text that its own box cuts off. */
  const cut = () => told(all().filter(e => {
    const s = style(e);
    return s.overflowY === 'hidden' && s.display !== 'inline' && e.innerText && e.clientHeight > 4
      && e.scrollHeight > e.clientHeight + 2 && !e.closest('.visually-hidden');
  }));

  /* What moves for longer than anybody sees. */
  const long = times => times.split(',').some(each => parseFloat(each) > 0.01);
  const moves = s => (s.transitionProperty !== 'none' && long(s.transitionDuration))
    || (s.animationName !== 'none' && long(s.animationDuration));
  const moving = () => told(all().filter(e =>
    [null, '::before', '::after'].some(part => moves(style(e, part)))));

  /* Where the focus stands, and whether it is seen; null where it stands on nothing. */
  const ring = e => {
    const s = style(e);
    return (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== 'none';
  };
  const middle = (from, to, most) => Math.min(Math.max((from + to) / 2, 1), most - 2);
  let count = 0;
  const where = () => {
    const e = document.activeElement;
    if (!e || e === document.body) return null;
    const box = e.closest('.select2-container') || e;
    const parts = [box, ...box.querySelectorAll('.select2-selection')];
    const r = box.getBoundingClientRect();
    const inside = r.width > 0 && r.height > 0 && r.bottom > 0 && r.top < innerHeight
      && r.right > 0 && r.left < innerWidth;
    const above = document.elementFromPoint(
      middle(r.left, r.right, innerWidth), middle(r.top, r.bottom, innerHeight));
    const covered = Boolean(inside && above && !box.contains(above) && !above.contains(box)
      && ['fixed', 'sticky'].includes(style(above).position));
    if (!e.dataset.seen) e.dataset.seen = String(count += 1);
    return {
      name: e.getAttribute('name') || '', tag: e.tagName, type: e.type || '', select2: box !== e, seen: e.dataset.seen,
      shown: parts.some(ring), inside, covered, positive: e.tabIndex > 0,
      text: e.outerHTML.slice(0, 160),
    };
  };

  const frame = () => new Promise(done => requestAnimationFrame(done));
  const focus = async () => {
    let found = where();
    /* What comes to be seen with the focus needs a frame or two for it. */
    for (let i = 0; i < 10 && found && !(found.inside && found.shown); i += 1) {
      await frame();
      found = where();
    }
    return found;
  };

  return {outside, scrollers, cut, moving, focus};
})();
