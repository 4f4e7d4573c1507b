/** Loaded into a program with `--import`: it takes its stderr for a terminal, and says there how far it is. */
import process from 'node:process';

Object.defineProperty(process.stderr, 'isTTY', { value: true });
