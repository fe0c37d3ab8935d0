// Borders between panes that are moved by the pointer or the arrow keys; where they stand is kept.
const least = 12, step = 2;

export function divide(place, key) {
  const borders = [...place.querySelectorAll('[role=separator]')];
  const kept = JSON.parse(localStorage.getItem(key) ?? 'null') ?? {};
  for (const border of borders) {
    const name = border.dataset.border, at = value => set(border, name, value);
    at(kept[name] ?? +border.getAttribute('aria-valuenow'));
    border.addEventListener('keydown', event => {
      const by = { ArrowLeft: -step, ArrowRight: step, Home: -100, End: 100 }[event.key];
      if (!by) return;
      event.preventDefault();
      at(+border.getAttribute('aria-valuenow') + by);
    });
    border.addEventListener('dblclick', () => at(+border.dataset.standard));
    border.addEventListener('pointerdown', down => {
      border.setPointerCapture(down.pointerId);
      const before = +border.getAttribute('aria-valuenow'), move = event => at(before + (event.clientX - down.clientX) / place.clientWidth * 100);
      border.addEventListener('pointermove', move);
      border.addEventListener('pointerup', () => border.removeEventListener('pointermove', move), { once: true });
    });
  }

  function set(border, name, value) {
    const now = Math.round(Math.min(+border.getAttribute('aria-valuemax'), Math.max(least, value)) * 10) / 10;
    border.setAttribute('aria-valuenow', now);
    place.style.setProperty('--' + name, now);
    localStorage.setItem(key, JSON.stringify({ ...JSON.parse(localStorage.getItem(key) ?? '{}'), [name]: now }));
  }
}
