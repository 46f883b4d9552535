/**
 * JSON files people write by hand: a tree that knows its lines, a description of what may stand in
 * it, and the check.
 */
@NullMarked
package dev.fairlead.app.config.shape;

import org.jspecify.annotations.NullMarked;
