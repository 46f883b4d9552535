package dev.fairlead.app.config.shape;

/** What Fairlead makes of a field it knows. */
public sealed interface Effect {
  /** It does what it says. */
  record Honoured() implements Effect {}

  /** It is accepted, so that files of other gateways can be used as they are, and has no effect. */
  record Inert() implements Effect {}

  /**
   * It limits what people may do and is not enforced, so a file with it is refused until the
   * operator has named {@code section} in {@code fairlead.accept_unenforced}.
   */
  record Restricts(String section) implements Effect {}
}
