// Keeps the newest message in sight for whoever was looking at it, and leaves alone who scrolled up.

const NEAR = 60;
const atEnd = new WeakMap(); // scrolling box -> whether its end was in sight

export function keepingUp(box, key, render) {
  watch(box);
  if (box.dataset.shows !== key) atEnd.set(box, true);
  box.dataset.shows = key;
  render();
  if (atEnd.get(box)) toEnd(box);
}

// The box also changes without a message: a thread opens beside it, a card grows.
function watch(box) {
  if (atEnd.has(box)) return;
  atEnd.set(box, true);
  let before = 0;
  // Only going up leaves the end: when the list grows, the end leaves by itself.
  const scrolled = () => {
    if (isNear(box)) atEnd.set(box, true);
    else if (box.scrollTop < before) atEnd.set(box, false);
    before = box.scrollTop;
  };
  box.addEventListener("scroll", scrolled, { passive: true });
  const observer = new ResizeObserver(() => atEnd.get(box) && toEnd(box));
  observer.observe(box);
  observer.observe(box.firstChild);
}

function isNear(box) {
  return box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
}

function toEnd(box) {
  box.scrollTop = box.scrollHeight;
}
