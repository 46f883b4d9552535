/**
 * Conditions of routing rules in CEL, what they would decide for a request, and how far a key
 * reaches.
 */
@NullMarked
package dev.fairlead.app.policy;

import org.jspecify.annotations.NullMarked;
