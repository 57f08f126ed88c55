import { byId } from './dom.js';

const CHOICES = ['auto', 'light', 'dark'] as const;

type Choice = (typeof CHOICES)[number];

const KEY = 'mask-gate-theme';

/** The button that goes from the system's theme to light, to dark, and back. */
export function startTheme(): void {
  const button = byId('theme', HTMLButtonElement);
  if (!button) return;
  let choice = remembered();
  const show = (): void => {
    if (choice === 'auto') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = choice;
    button.textContent = `Theme: ${choice}`;
  };
  button.addEventListener('click', () => {
    choice = CHOICES[(CHOICES.indexOf(choice) + 1) % CHOICES.length] ?? 'auto';
    remember(choice);
    show();
  });
  button.hidden = false;
  show();
}

// A page opened from a file or in a sandbox may have no storage; then the choice holds as long as the page.
function remembered(): Choice {
  try {
    const found = localStorage.getItem(KEY);
    return CHOICES.find((choice) => choice === found) ?? 'auto';
  } catch {
    return 'auto';
  }
}

function remember(choice: Choice): void {
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // See above.
  }
}
