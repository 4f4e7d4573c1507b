import { z } from 'zod';

/**
 * Has to be the first import of the page's entry. The schema library would otherwise try whether it may compile code,
 * which the content security policy forbids and reports as a violation.
 */
z.config({ jitless: true });
