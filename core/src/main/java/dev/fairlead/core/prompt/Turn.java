package dev.fairlead.core.prompt;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One message of a conversation. Results of tools are parts of a {@link Role#USER} turn, whatever
 * the dialect calls their role; several turns of one role may follow each other.
 *
 * @param name the author's name where the dialect has one, or null
 */
public record Turn(Role role, List<Part> parts, @Nullable String name) {
  /** Who speaks. */
  public enum Role {
    SYSTEM,
    /**
     * Instructions above the user's and below the system's (OpenAI); elsewhere the same as system.
     */
    DEVELOPER,
    USER,
    ASSISTANT
  }

  public Turn {
    parts = List.copyOf(parts);
  }

  public static Turn of(Role role, Part... parts) {
    return new Turn(role, List.of(parts), null);
  }

  public static Turn of(Role role, List<Part> parts) {
    return new Turn(role, parts, null);
  }
}
