import { type ReactNode, useState } from 'react';
import { chooseTheme, chosenTheme, type Theme } from './theme.ts';

const NEXT: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };
const MARKS: Readonly<Record<Theme, string>> = { system: '◐', light: '○', dark: '●' };

export function ThemeSwitch(): ReactNode {
  const [theme, setTheme] = useState(chosenTheme);
  return (
    <button
      type="button"
      className="plain"
      aria-label={`Theme: ${theme}; change to ${NEXT[theme]}`}
      title={`Theme: ${theme}`}
      onClick={() => {
        chooseTheme(NEXT[theme]);
        setTheme(NEXT[theme]);
      }}
    >
      <span aria-hidden="true">{MARKS[theme]}</span>
    </button>
  );
}
