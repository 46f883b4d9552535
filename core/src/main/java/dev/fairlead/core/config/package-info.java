/**
 * The configuration of a running gateway as immutable, self-validating records, gathered in one
 * snapshot.
 */
@NullMarked
package dev.fairlead.core.config;

import org.jspecify.annotations.NullMarked;
