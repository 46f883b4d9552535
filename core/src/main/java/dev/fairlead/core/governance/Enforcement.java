package dev.fairlead.core.governance;

/** Whether a budget, limit or rule acts, or only reports what it would have done. */
public enum Enforcement {
  ENFORCE,
  OBSERVE
}
