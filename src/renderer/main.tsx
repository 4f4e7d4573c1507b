import './host/strictPolicy.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './ui/tokens.css';
import './ui/base.css';
import './ui/controls.css';
import './ui/deltaMarks.css';
import { App } from './App.tsx';
import { connectHost } from './host/connectHost.ts';
import { idle } from './state/idle.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no root element');

window.streamscopeIdle = idle;
createRoot(root).render(
  <StrictMode>
    <App host={connectHost()} />
  </StrictMode>,
);
