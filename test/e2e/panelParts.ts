import type { Locator, Page } from 'playwright/test';

/** The panels of the mock server and the proxy, as their user finds them. */
export interface PanelParts {
  readonly mock: Locator;
  readonly proxy: Locator;
  /** A section of the panel that is shown. */
  readonly section: (name: string | RegExp) => Locator;
  /** Buttons in the window's lower edge. */
  readonly mockStatus: Locator;
  readonly proxyStatus: Locator;
  readonly endpoint: (name: string) => Locator;
  /** Rows of a table, without its heading. */
  readonly rows: (table: string) => Locator;
}

export function panelParts(page: Page): PanelParts {
  const footer = page.getByRole('contentinfo');
  return {
    mock: page.getByRole('main', { name: 'Mock server' }),
    proxy: page.getByRole('main', { name: 'Proxy' }),
    section: (name) => page.getByRole('main').getByRole('tab', { name }),
    mockStatus: footer.getByRole('button', { name: /^\S? ?Mock / }),
    proxyStatus: footer.getByRole('button', { name: /^\S? ?Proxy / }),
    endpoint: (name) =>
      page.getByRole('listbox', { name: 'Endpoints of the mock server' }).getByRole('option', { name }),
    rows: (table) => page.getByRole('grid', { name: table }).locator('[role="row"][aria-selected]'),
  };
}
