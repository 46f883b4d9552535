package dev.fairlead.core.governance;

import dev.fairlead.core.config.Origin;
import org.jspecify.annotations.Nullable;

/**
 * A person whose keys share one cap.
 *
 * @param email or null
 * @param active whether the person's keys are accepted
 * @param teamId the team that keys without a team of their own count for, or null
 */
public record User(
    String id,
    String name,
    @Nullable String email,
    boolean active,
    @Nullable String teamId,
    Origin origin) {}
