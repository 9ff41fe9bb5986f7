import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { watchEnvironment } from './api/live.ts';
import { App } from './shell/app.tsx';
import { applyTheme } from './shell/theme.ts';
import './style/tokens.css';
import './style/base.css';
import './style/shell.css';
import './style/parts.css';
import './style/screens.css';

applyTheme();
watchEnvironment();
createRoot(document.getElementById('console')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
