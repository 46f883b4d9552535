package dev.fairlead.core.prompt;

import java.util.List;

/** Whether and what the model must call. */
public sealed interface ToolChoice {
  record Auto() implements ToolChoice {}

  record None() implements ToolChoice {}

  /** At least one, whichever. */
  record Required() implements ToolChoice {}

  record Named(String name, CallKind kind) implements ToolChoice {}

  /** Only these; {@code required} whether at least one must be called. */
  record Among(List<String> names, boolean required) implements ToolChoice {
    public Among {
      names = List.copyOf(names);
    }
  }
}
