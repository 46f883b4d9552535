/**
 * The programs people use, as npm delivers them at pinned versions: Claude Code, Codex and the
 * vendors' Node SDKs.
 *
 * <p>Their tests carry the tag {@code real-clients} and run with {@code scripts/real-clients}.
 */
@NullMarked
package dev.fairlead.conformance.clients;

import org.jspecify.annotations.NullMarked;
