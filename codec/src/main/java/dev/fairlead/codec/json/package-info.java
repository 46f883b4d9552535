/**
 * Finding and editing values in JSON bytes without building a tree, and writing small documents.
 */
@NullMarked
package dev.fairlead.codec.json;

import org.jspecify.annotations.NullMarked;
