import type { ContractPage } from './page.ts';

declare global {
  interface Window {
    contractPage: ContractPage;
  }
}
