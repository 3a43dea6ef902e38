// Runs before the first paint, so that a dark reader sees no white flash. The
// key is the one Mantine keeps the choice under.
(() => {
  const chosen = window.localStorage.getItem('mantine-color-scheme-value');
  const dark = chosen === 'dark' || (chosen !== 'light' && window.matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
