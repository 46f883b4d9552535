package dev.fairlead.testkit;

/** How the playing of a script ended. */
public enum ScriptOutcome {
  /** Every step was played, a scripted close or reset included. */
  PLAYED,
  /** The client closed the connection before the last step. */
  CLIENT_GONE,
  /** The provider was closed before the last step. */
  STOPPED
}
