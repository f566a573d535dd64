/* Runs before the first paint: follows the reader's choice, else the system, for light and dark. */
(() => {
  const root = document.documentElement;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    const chosen = root.dataset.theme;
    root.dataset.bsTheme = chosen === 'auto' ? (dark.matches ? 'dark' : 'light') : chosen;
  };
  dark.addEventListener('change', apply);
  apply();
})();
