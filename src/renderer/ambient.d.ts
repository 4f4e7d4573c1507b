interface Window {
  /** Resolves once nothing is under way and the window was painted since; what tests wait on. */
  streamscopeIdle?: () => Promise<void>;
}
